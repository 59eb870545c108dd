"""Questions that people ask about their own money, with what each of them means.

Phrasings are kept apart by what they are for: a model learns from some, is chosen on others and
judged on the rest, so that it meets wordings that it has never seen, and not only other merchants.
"""
