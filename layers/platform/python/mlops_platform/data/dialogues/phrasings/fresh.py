"""Wordings that were written after the code was done, and for which nothing was changed since."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet

FRESH: Final = PhrasingSet(
    templates={
        "spending": (
            "How much dosh did I get rid of {period}?",
            "Tally up my {category} spending {period}",
            "What's the damage for {category} {period}?",
            "How much did my visits to {merchant} cost {period}?",
            "Give me the amount spent at {merchant} {period}",
        ),
        "spending_breakdown": (
            "Sort my spending {period} into categories",
            "Where has all my money gone {period}?",
            "How much of my spending goes to which category {period}?",
        ),
        "top_merchants": (
            "Which businesses got the most of my cash {period}?",
            "Top three stores by how much I spent {period}",
            "Who are my most expensive merchants {period}?",
        ),
        "largest_purchase": (
            "Biggest single expense {period}?",
            "What did I splash out on most {period}?",
            "Tell me my highest {category} payment {period}",
        ),
        "latest_purchase": (
            "How recently did I visit {merchant}?",
            "My latest {category} expense, when was it?",
            "What was the final thing I paid for?",
        ),
        "purchase_count": (
            "How many separate purchases did I make {period}?",
            "How regularly did I buy {category} {period}?",
            "Number of payments bigger than {amount} {period}?",
        ),
        "average_purchase": (
            "On average, what does a trip to {merchant} cost?",
            "What is my mean {category} spend per transaction {period}?",
            "How large is the average payment {period}?",
        ),
        "compare_periods": (
            "Has my spending increased {period} versus {other}?",
            "Between {bare} and {other_bare}, when did I spend more?",
            "Did my {category} spending fall {period} compared to {other}?",
        ),
        "recurring_payments": (
            "Which services am I subscribed to?",
            "What leaves my account every month?",
            "List the bills that repeat",
        ),
        "goal_progress": (
            "What percentage of my {goal} goal have I reached?",
            "How much is in the pot for my {goal}?",
            "Am I getting closer to my {goal}?",
        ),
        "goal_pace": (
            "What should my monthly contribution to the {goal} be?",
            "How much each month will get me my {goal} by the deadline?",
            "How much do I put by monthly to fund my {goal} on schedule?",
        ),
        "goal_date": (
            "Putting {amount} a month aside, when is the {goal} mine?",
            "How long before I can afford my {goal} on {amount} per month?",
            "By what date will I have my {goal} if I save {amount} every month?",
        ),
        "greeting": ("Hiya, how are you today?", "Hey SelfMate, good morning", "Hello!"),
        "help": (
            "What do you know how to do?",
            "How should I ask you things?",
            "List the things you can help with",
        ),
    },
    follow_ups={
        "period": ("Now the same {period}", "Okay, {bare}?", "How did it look {period}?"),
        "back": ("And how did {back} look?", "Now {back}", "What happened {back}?"),
        "category": ("Okay, {category}?", "How about just {category}?", "Now for {category}"),
        "merchant": ("Okay, {merchant}?", "How about just {merchant}?", "Just {merchant} now"),
        "goal": ("Okay, the {goal}?", "How about the {goal} one?", "Now for the {goal}"),
    },
    categories={
        "groceries": ("groceries", "provisions"),
        "eating_out": ("eating out", "fast food"),
        "fuel": ("fuel", "gas stations"),
        "transport": ("transport", "metro rides"),
        "shopping": ("shopping", "outfits"),
        "books": ("books", "literature"),
        "health": ("health", "medical costs"),
        "entertainment": ("entertainment", "fun"),
        "phone": ("phone", "phone calls"),
        "utilities": ("utilities", "power bills"),
        "travel": ("travel", "hotel stays"),
        "fees": ("fees", "banking costs"),
    },
    periods={
        "this_month": (("", "this month"),),
        "last_month": (("", "last month"),),
        "last_week": (("", "last week"),),
        "yesterday": (("", "yesterday"),),
        "month": (("in ", "{month}"), ("during ", "{month}")),
        "month_year": (("in ", "{month} {year}"),),
        "days": (("over the ", "last {n} days"), ("in the ", "past {n} days")),
        "since": (("", "since {month}"),),
        "this_year": (("", "this year"),),
    },
    back={
        "month": ("the month before", "the previous month"),
        "week": ("the week before", "the previous week"),
        "day": ("the day before", "the previous day"),
    },
    amounts=("£{pounds}", "{pounds} pounds"),
    out_of_scope=(
        "How much cash is left on my card?",
        "Pay Sam back for the tickets",
        "Do I need an umbrella?",
        "Give me a stock tip",
        "I forgot my password",
        "Who invented the telephone?",
        "Put eggs on my list",
        "Are you married?",
        "Lower my card limit",
        "Would I get a bigger mortgage?",
        "Find me a hotel in Rome",
        "Where is my refund?",
    ),
)
