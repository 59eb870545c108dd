"""Wordings that were written after the code was done, and for which nothing was changed since."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.phrasing_set import PhrasingSet

FRESH: Final = PhrasingSet(
    templates={
        "spending": (
            "How much did {category} set me back {period}?",
            "I'd like to see what I spent {period}",
            "What's my total at {merchant} {period}?",
            "how much money have I given {merchant} {period}",
            "What did I end up spending on {category} {period}?",
        ),
        "spending_breakdown": (
            "What am I spending my money on {period}?",
            "Can I get my spending by category {period}?",
        ),
        "top_merchants": (
            "Which shops get the most from me {period}?",
            "What are the top places I spend at {period}?",
        ),
        "largest_purchase": (
            "What's the most I spent on a single purchase {period}?",
            "What was my priciest {category} buy {period}?",
        ),
        "latest_purchase": (
            "When did I last buy something at {merchant}?",
            "What's my most recent {category} transaction?",
        ),
        "purchase_count": (
            "How many times have I been to {merchant} {period}?",
            "How many of my transactions {period} exceeded {amount}?",
        ),
        "average_purchase": (
            "What's the average I pay at {merchant}?",
            "How much is my average {category} purchase {period}?",
        ),
        "compare_periods": (
            "Have I spent more {period} than {other}?",
            "Was my spending lower {period} than {other}?",
        ),
        "recurring_payments": (
            "What subscriptions am I paying?",
            "Tell me about my monthly recurring charges",
        ),
        "goal_progress": (
            "How's my {goal} fund looking?",
            "How much more do I need for my {goal}?",
        ),
        "goal_pace": (
            "How much a month should I be saving for the {goal}?",
            "What do I have to save monthly to make my {goal} deadline?",
        ),
        "goal_date": (
            "If I'm saving {amount} monthly, when will I hit my {goal} goal?",
            "When could I pay for the {goal} if I saved {amount} a month?",
        ),
        "greeting": ("Hey, how's it going?", "Hello again"),
        "help": ("What can I use you for?", "What questions can I ask you?"),
    },
    follow_ups={
        "period": ("What about {period}?", "And {bare}, please?"),
        "back": ("What was it {back}?", "And how much {back}?"),
        "category": ("And what did {category} cost?", "Same for {category}?"),
        "merchant": ("And what about at {merchant}?", "Same for {merchant}?"),
        "goal": ("What about for the {goal}?", "And for my {goal}?"),
    },
    categories={
        "groceries": ("groceries", "food and drink at home"),
        "eating_out": ("eating out", "dinner with friends"),
        "fuel": ("fuel", "gasoline"),
        "transport": ("transport", "getting around"),
        "shopping": ("shopping", "new clothes"),
        "books": ("books", "paperbacks"),
        "health": ("health", "healthcare"),
        "entertainment": ("entertainment", "films"),
        "phone": ("phone", "my cell phone"),
        "utilities": ("utilities", "household bills"),
        "travel": ("travel", "vacations"),
        "fees": ("fees", "bank fees"),
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
        "What's the balance of my account?",
        "Please transfer fifty pounds to Anna",
        "Is it sunny outside?",
        "Which fund should I put my money in?",
        "I need a new debit card",
        "Who is the richest man alive?",
        "Set a reminder for Monday",
        "What's your favourite colour?",
        "How do I change my password?",
        "Can I borrow some money?",
        "Do you know a good restaurant nearby?",
        "When will my parcel arrive?",
    ),
)
