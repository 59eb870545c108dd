"""Wordings to choose hyperparameters on."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet

VALIDATION: Final = PhrasingSet(
    templates={
        "spending": (
            "How much cash did I get through {period}?",
            "What were my outgoings {period}?",
            "How much did {category} cost me {period}?",
            "What was my bill at {merchant} {period}?",
            "what did i spend on {category}",
            "How much money did {merchant} get from me {period}?",
        ),
        "spending_breakdown": (
            "What did my money go on {period}?",
            "Group my expenses {period} by category",
            "Which areas do I spend the most in {period}?",
        ),
        "top_merchants": (
            "At which shops do I leave the most money?",
            "Which retailers did I spend the most with {period}?",
            "Show the merchants that cost me most {period}",
        ),
        "largest_purchase": (
            "What was the priciest thing I bought {period}?",
            "Which transaction {period} was the highest?",
            "What was my largest {category} expense {period}?",
        ),
        "latest_purchase": (
            "When was I last at {merchant}?",
            "What have I bought most recently?",
            "How long ago did I last buy {category}?",
        ),
        "purchase_count": (
            "How many times did I use my card {period}?",
            "How many purchases at {merchant} were there {period}?",
            "How many times did I pay more than {amount} {period}?",
        ),
        "average_purchase": (
            "What does an average shop at {merchant} come to?",
            "On average, how big is a purchase {period}?",
            "What is the mean price of my {category} purchases?",
        ),
        "compare_periods": (
            "Was {bare} more expensive than {other_bare}?",
            "Has my {category} spending gone up {period} compared with {other_bare}?",
            "How much more did I spend {period} than {other}?",
        ),
        "recurring_payments": (
            "Which subscriptions am I paying for?",
            "What gets charged to me month after month?",
            "List all payments that recur",
        ),
        "goal_progress": (
            "Where do I stand with my {goal} goal?",
            "How much of the {goal} money do I have already?",
            "How far along is my savings goal?",
        ),
        "goal_pace": (
            "To reach my {goal} on time, what do I save a month?",
            "How much monthly for the {goal}?",
            "What do I have to put away each month for my {goal}?",
        ),
        "goal_date": (
            "By when do I have the {goal} if I put away {amount} a month?",
            "If I save {amount} each month, how long does the {goal} take?",
            "When is my {goal} goal complete at {amount} per month?",
        ),
        "greeting": ("Good afternoon", "Hello, how is it going?", "hey SelfMate"),
        "help": (
            "What kinds of questions can you answer?",
            "What are you good for?",
            "Explain how to use you",
        ),
    },
    follow_ups={
        "period": ("And how about {bare}?", "ok and {period}?"),
        "back": ("and what about {back}?", "ok and {back}?"),
        "category": ("And what about {category}?", "ok and for {category}?"),
        "merchant": ("And what about {merchant}?", "ok and at {merchant}?"),
        "goal": ("And what about the {goal}?", "my {goal}"),
    },
    categories={
        "groceries": ("groceries", "the supermarket"),
        "eating_out": ("eating out", "dining out"),
        "fuel": ("fuel", "filling up the car"),
        "transport": ("transport", "trains"),
        "shopping": ("shopping", "fashion"),
        "books": ("books", "magazines"),
        "health": ("health", "the doctor"),
        "entertainment": ("entertainment", "movies"),
        "phone": ("phone", "telephone"),
        "utilities": ("utilities", "water and power"),
        "travel": ("travel", "trips"),
        "fees": ("fees", "fines"),
    },
    periods={
        "this_month": (("in the ", "current month"),),
        "last_month": (("in the ", "last month"),),
        "last_week": (("in the ", "last week"),),
        "yesterday": (("", "yesterday"),),
        "month": (("in the month of ", "{month}"),),
        "days": (("in the ", "past {n} days"),),
        "since": (("", "since the start of {month}"),),
        "weekday": (("this past ", "{weekday}"),),
        "this_year": (("", "so far this year"),),
    },
    back={
        "month": ("the previous month",),
        "week": ("the previous week",),
        "day": ("the previous day",),
    },
    amounts=("{pounds} quid", "£{pounds}"),
    out_of_scope=(
        "How much is in my current account?",
        "Move money into my savings",
        "Is it going to snow this weekend?",
        "Tell me something funny",
        "Should I invest in funds?",
        "I lost my debit card",
        "How much do I earn?",
        "Who wrote Hamlet?",
        "Put on the radio",
        "Raise my credit limit",
        "How do I get to the station?",
        "What is my sort code?",
        "Wake me at six",
        "Can you order a taxi?",
        "What is seven times eight?",
    ),
)
