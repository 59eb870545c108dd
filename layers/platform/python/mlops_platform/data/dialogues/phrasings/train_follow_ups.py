"""Questions that lean on the one before, to learn from."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.alternatives import every

FOLLOW_UPS: Final = every(
    {
        "period": (
            "And {period}?",
            "What about {bare}?",
            "And for {bare}?",
            "How about {bare}?",
            "The same for {bare}",
            "and what about {bare}",
            "now {bare}",
            "{bare} instead",
            "make that {bare}",
            "and if you look at {bare}?",
            "And how was {bare}?",
            "What were the numbers for {bare}?",
            "do the same for {bare}",
            "And what did it come to {period}?",
            "show me {bare}",
            (
                "[And|and|so|okay and|then] [for|in case of|what about|how about|if we take|if "
                "it were] {bare}?"
            ),
            "[And|Ok, and|Right, now|So] {period}?",
            "[What|How] about [for {bare}|{period}|{bare} then|{bare} instead|just {bare}]?",
            (
                "[The same|Same|Same thing|Same again|Likewise] [for {bare}|but for {bare}|but "
                "{period}|{period}] [please|]"
            ),
            (
                "[now|now show|show|check|look at|use|take|switch to|change it to|change to|go "
                "for|make it] {bare} [please|instead|now|]"
            ),
            "[I meant|I mean|I actually meant|No, I meant|Actually|no,] {bare}",
            (
                "[and|] [how much|what] [was it|is it|would it be|was that|did that come to] "
                "[{period}|for {bare}]?"
            ),
            (
                "[Can you|Could you|Please] [do|show|repeat|redo|run|look at] [that|it|the "
                "same] for {bare} [too|as well|please|]?"
            ),
            (
                "[And|] [what|how] [was it like|did it look|does it look|are the figures|is "
                "it] [{period}|for {bare}]?"
            ),
            "[only|just] {bare} [please|]",
            "[And|] {bare} [too|as well|also|then]?",
            "[What|And what] if [I look at|it's|we say|you take] {bare}?",
            "[for|in] {bare}?",
            "not that, {bare}",
            "I'd like it for {bare} [too|instead|]",
        ),
        "back": (
            "And {back}?",
            "What about {back}?",
            "And in {back}?",
            "How was it {back}?",
            "and for {back}",
            "And how was it {back}?",
            "compared to {back}, how was it?",
            "what were the numbers for {back}?",
            "go back to {back}",
            "[And|and|ok and|what about|how about|How was|now|then] {back}?",
            "[And|] [what|how much] [was it|did it come to|were the numbers] {back}?",
            "[the same for|do the same for|show me|now show|check|go to] {back} [please|]",
            "[And|] how [did it look|was it|did I do] {back}?",
            "[was it|is that] [more|less|different|higher|any better] {back}?",
            "{back} [please|too|as well|then]?",
            "go one back, {back}",
        ),
        "category": (
            "And for {category}?",
            "What about {category}?",
            "And on {category}?",
            "How about {category}?",
            "The same for {category}",
            "only {category} please",
            "{category} instead",
            "{category} as well?",
            "and if you take {category}?",
            "And how much was {category}?",
            "And what was it for {category}?",
            "And how much went on {category}?",
            "show me {category}",
            "do the same for {category}",
            "[And|and|so|okay and|then] [for|on|in|what about|how about|if we take] {category}?",
            (
                "[What|How] about [for {category}|on {category}|{category} then|{category} "
                "instead|just {category}|only {category}]?"
            ),
            (
                "[The same|Same|Same thing|Same again|Likewise] [for {category}|but for "
                "{category}|but on {category}|with {category}] [please|]"
            ),
            (
                "[now|now show|show|check|look at|use|take|switch to|change it to|change to|"
                "make it] {category} [please|instead|now|]"
            ),
            "[I meant|I mean|I actually meant|No, I meant|Actually|no,] {category}",
            (
                "[and|] [how much|what] [was it|is it|would it be|was that|did that come to] "
                "[on {category}|for {category}]?"
            ),
            (
                "[Can you|Could you|Please] [do|show|repeat|redo|run|look at] [that|it|the "
                "same] for {category} [too|as well|please|]?"
            ),
            "[only|just] {category} [please|this time|]",
            "[And|] {category} [too|as well|also|then|alone]?",
            "[What|And what] if [I look at|it's|we say|you take] {category}?",
            "[for|on] {category}?",
            (
                "[And|] what [did I spend on {category}|did {category} come to|went on "
                "{category}] then?"
            ),
            "not that, {category}",
            "{category} only",
        ),
        "merchant": (
            "And at {merchant}?",
            "What about {merchant}?",
            "How about {merchant}?",
            "And for {merchant}?",
            "The same at {merchant}",
            "only at {merchant}",
            "{merchant} instead",
            "{merchant} as well?",
            "and if you take {merchant}?",
            "And how much was it at {merchant}?",
            "And what was it at {merchant}?",
            "show me {merchant}",
            "do the same for {merchant}",
            "And how much went to {merchant}?",
            (
                "[And|and|so|okay and|then] [for|at|with|what about|how about|if we take] "
                "{merchant}?"
            ),
            (
                "[What|How] about [for {merchant}|at {merchant}|{merchant} then|{merchant} "
                "instead|just {merchant}|only {merchant}]?"
            ),
            (
                "[The same|Same|Same thing|Same again|Likewise] [for {merchant}|but for "
                "{merchant}|but at {merchant}|with {merchant}] [please|]"
            ),
            (
                "[now|now show|show|check|look at|use|take|switch to|change it to|change to|"
                "make it] {merchant} [please|instead|now|]"
            ),
            "[I meant|I mean|I actually meant|No, I meant|Actually|no,] {merchant}",
            (
                "[and|] [how much|what] [was it|is it|would it be|was that|did that come to] "
                "[at {merchant}|for {merchant}]?"
            ),
            (
                "[Can you|Could you|Please] [do|show|repeat|redo|run|look at] [that|it|the "
                "same] for {merchant} [too|as well|please|]?"
            ),
            "[only|just] [{merchant}|at {merchant}] [please|this time|]",
            "[And|] {merchant} [too|as well|also|then|alone]?",
            "[What|And what] if [I look at|it's|we say|you take] {merchant}?",
            "[for|at] {merchant}?",
            (
                "[And|] what [did I spend at {merchant}|did {merchant} come to|went to "
                "{merchant}] then?"
            ),
            "not that, {merchant}",
            "{merchant} only",
        ),
        "goal": (
            "And the {goal}?",
            "What about my {goal}?",
            "The {goal} one",
            "And for the {goal} goal?",
            "I mean the {goal}",
            "the {goal}",
            "And how is the {goal}?",
            "I meant my {goal}",
            "show me the {goal}",
            "do the same for my {goal}",
            "[And|and|so|okay and|then] [for|with|what about|how about] [my|the] {goal}?",
            (
                "[What|How] about [for the {goal}|my {goal} then|the {goal} instead|my {goal} "
                "goal|just the {goal}]?"
            ),
            (
                "[The same|Same|Same thing|Likewise] [for the {goal}|but for my {goal}|with "
                "the {goal}] [please|]"
            ),
            (
                "[now|now show|show|check|look at|take|switch to|change it to|make it] [my|"
                "the] {goal} [please|instead|goal|]"
            ),
            (
                "[I meant|I mean|I actually meant|No, I meant|Actually|no,] [my|the] {goal} "
                "[goal|one|fund|]"
            ),
            (
                "[Can you|Could you|Please] [do|show|repeat|look at] [that|it|the same] for "
                "[my|the] {goal} [too|as well|please|]?"
            ),
            "[And|] [my|the] {goal} [too|as well|also|then|fund|goal]?",
            "[for|with] [my|the] {goal}?",
            "{goal} [goal|fund|please|]",
            "[And|] how is it [for|with] [my|the] {goal}?",
            "not that one, the {goal}",
        ),
    }
)
