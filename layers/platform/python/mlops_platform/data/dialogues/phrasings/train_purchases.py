"""Questions about single purchases and how many there are, to learn from."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.alternatives import every

PURCHASES: Final = every(
    {
        "largest_purchase": (
            "What was my largest purchase {period}?",
            "What is the most expensive thing I bought {period}?",
            "Show my biggest transaction {period}",
            "What was my biggest {category} purchase {period}?",
            "What was the highest payment {period}?",
            "What is the most I paid at {merchant} {period}?",
            "My largest expense {period}",
            "Which single purchase cost the most {period}?",
            "biggest payment {period}",
            "What did I pay most for at once {period}?",
            "Find my largest payment to {merchant}",
            "most expensive {category} purchase {period}",
            "What was the dearest item I bought {period}?",
            "Which purchase hurt the most {period}?",
            "What was my top expense {period}?",
            "Which payment was the largest {period}?",
            "Which {category} purchase cost the most {period}?",
            "What cost me the most {period}?",
            "What did I spend the most on in a single payment {period}?",
            "Show the highest transaction {period}",
            (
                "[What was|What's|What is|Show me|Tell me] [my|the] [biggest|largest|highest|"
                "most expensive|costliest|dearest|priciest] [purchase|payment|transaction|"
                "expense|buy|thing I bought] {period}"
            ),
            (
                "[What was|What's|Show me] [my|the] [biggest|largest|most expensive] "
                "[{category} purchase|purchase at {merchant}|payment to {merchant}|purchase of "
                "{category}] {period}"
            ),
            (
                "[biggest|largest|highest|priciest|top] [single purchase|transaction|payment|"
                "expense|purchase at {merchant}|{category} payment] {period}"
            ),
            (
                "What [did I spend|have I spent|did I pay] the most [on at once|for in one go|"
                "on in one transaction] {period}?"
            ),
            (
                "Which [purchase|payment|transaction|thing] was [the most expensive|the "
                "biggest|the largest|my biggest] {period}?"
            ),
            (
                "What's the [most|most money|largest amount] I [spent|paid|have spent] [in one "
                "go|at one time|in a single transaction] [at {merchant}|on {category}|] "
                "{period}?"
            ),
            "What [single|one] [thing|item|purchase] cost me [most|the most] {period}?",
            (
                "Which of my [purchases|payments|transactions] {period} was [the highest|the "
                "largest|the most expensive]?"
            ),
            (
                "[I'd like to see|Find|Look up|Can you find] my [most expensive|single largest|"
                "highest] [purchase|transaction|payment] {period}"
            ),
            (
                "[What's|What was] the [maximum|most] I [paid|spent] [at once|in one purchase] "
                "{period}?"
            ),
            "When was my [biggest|largest|most expensive] [purchase|payment] {period}?",
            (
                "How much was my [biggest|largest|dearest] [purchase|payment|{category} "
                "purchase] {period}?"
            ),
            "the [one purchase|payment] that cost the most {period}",
            "What was my [big splurge|biggest outlay|largest splurge|worst purchase] {period}?",
        ),
        "latest_purchase": (
            "When did I last shop at {merchant}?",
            "When was my last {category} purchase?",
            "What was my most recent purchase?",
            "What is the last thing I bought?",
            "When did I last pay {merchant}?",
            "Show my latest transaction",
            "Show my latest payment at {merchant}",
            "When did I last spend on {category}?",
            "my last purchase",
            "What did I buy most recently at {merchant}?",
            "date of my last visit to {merchant}",
            "What was my newest transaction for {category}?",
            "When was I at {merchant} the last time?",
            "What did I buy last?",
            "How long has it been since I was at {merchant}?",
            "What was the most recent thing I bought for {category}?",
            "What's the latest thing I bought at {merchant}?",
            "When was the last time I paid for {category}?",
            "Show my most recent payment",
            (
                "When [did I last|was the last time I] [go to|shop at|buy something at|spend "
                "money at|use|visit] {merchant}?"
            ),
            (
                "When [did I last|was the last time I] [buy|spend money on|pay for|purchase] "
                "{category}?"
            ),
            (
                "[What was|What's|What is|Show me|Tell me] [my|the] [last|latest|most recent|"
                "newest] [purchase|transaction|payment|thing I bought|expense]?"
            ),
            (
                "[What was|What's|Show me] my [last|latest|most recent] [purchase at "
                "{merchant}|payment to {merchant}|{category} purchase|transaction for "
                "{category}|buy at {merchant}]?"
            ),
            (
                "[last|latest|most recent] [purchase|payment|transaction|visit to {merchant}|"
                "{category} purchase|time at {merchant}]"
            ),
            (
                "How long [ago|is it] [was I last at {merchant}|did I last go to {merchant}|"
                "did I last pay for {category}|since I was at {merchant}]?"
            ),
            "What did I [last|most recently] [buy|pay for|spend money on]?",
            (
                "[On what date|What day|On which day] did I last [shop at {merchant}|pay for "
                "{category}|visit {merchant}|buy {category}]?"
            ),
            (
                "When was my [last|most recent|latest] [visit to|trip to|purchase at|payment "
                "at] {merchant}?"
            ),
            "When did {merchant} last [charge me|get money from me|take money from me]?",
            (
                "[I want to know|Can you check|Do you know|Tell me] when I last [went to "
                "{merchant}|bought {category}|paid {merchant}|spent on {category}]"
            ),
            (
                "What was the last [thing|payment|amount] I [bought|made|paid] [at {merchant}|"
                "for {category}|]?"
            ),
            (
                "Has it been long since I [was at {merchant}|paid for {category}|shopped at "
                "{merchant}]?"
            ),
            "What have I just [bought|paid for]?",
            "the last time I [paid|was at|shopped at] {merchant}",
        ),
        "purchase_count": (
            "How many purchases did I make {period}?",
            "How many times did I shop at {merchant} {period}?",
            "How often did I buy {category} {period}?",
            "How many transactions did I have {period}?",
            "How often was I at {merchant} {period}?",
            "How many purchases over {amount} did I make {period}?",
            "How many payments above {amount} were there {period}?",
            "Count my {category} purchases {period}",
            "number of transactions {period}",
            "How many {category} transactions over {amount} {period}?",
            "How many times did I pay {merchant}?",
            "Count the payments of more than {amount} {period}",
            "How many payments did I make to {merchant} {period}?",
            "How many purchases for {category} did I make {period}?",
            "How many things did I buy {period}?",
            "How often did I pay over {amount} {period}?",
            "How many {category} purchases were there {period}?",
            "How many visits did I make to {merchant} {period}?",
            (
                "How many [times|different times] [did I go to|did I visit|was I at|have I "
                "been to|have I shopped at|did I buy something at|did I use] {merchant} "
                "{period}?"
            ),
            (
                "How often [did I go to|was I at|have I visited|did I shop at|did I spend "
                "money at|do I go to] {merchant} {period}?"
            ),
            (
                "How often [did I spend money on|have I paid for|did I purchase|do I buy] "
                "{category} {period}?"
            ),
            (
                "How many [times|separate times] [did I buy|did I pay for|have I bought|did I "
                "spend on] {category} {period}?"
            ),
            (
                "How many [purchases|transactions|payments|card payments|buys] [did I make|"
                "have I made|were there|do I have|went through] {period}?"
            ),
            (
                "How many [purchases|transactions|payments] [were over|were above|were more "
                "than|exceeded|came to more than] {amount} {period}?"
            ),
            (
                "How many [purchases|payments|transactions] [of more than|over|above|bigger "
                "than|greater than|exceeding] {amount} [did I make|were there|have I made] "
                "{period}?"
            ),
            (
                "How many [{category} purchases|purchases of {category}|purchases at "
                "{merchant}|{category} payments] [did I make|have I made|were there] {period}?"
            ),
            (
                "[number|count|total number] of [purchases|transactions|payments|purchases at "
                "{merchant}|{category} purchases|visits to {merchant}] {period}"
            ),
            (
                "[Count|Tell me the number of] [my purchases|my transactions|my visits to "
                "{merchant}|my {category} payments|all payments over {amount}] {period}"
            ),
            (
                "[Can you count|I want to know|Tell me] how [often|many times] I [went to "
                "{merchant}|bought {category}|paid more than {amount}|was at {merchant}] "
                "{period}"
            ),
            (
                "How many times did I [spend|pay] [more than|over|above] {amount} [on "
                "{category}|at {merchant}|] {period}?"
            ),
            "How many [things|items] have I [bought|paid for] {period}?",
            (
                "How [busy was my card|many times did I tap my card|many times did I use my "
                "card|many times did I pay by card] {period}?"
            ),
            (
                "What's the number of [times I paid|purchases I made|transactions I had|visits "
                "I made to {merchant}] {period}?"
            ),
            "How many trips [to {merchant} did I make|did I make to {merchant}] {period}?",
        ),
        "average_purchase": (
            "What is my average purchase {period}?",
            "How much do I spend on average at {merchant}?",
            "What was the average amount of a transaction {period}?",
            "What is my average {category} purchase {period}?",
            "How much is a typical purchase at {merchant} {period}?",
            "Average spend per purchase {period}",
            "What do I usually spend on {category} at a time?",
            "mean transaction amount {period}",
            "How much does one visit to {merchant} cost me on average?",
            "average amount per {category} transaction {period}",
            "What is the usual size of my purchases {period}?",
            "What is the average price of my purchases {period}?",
            "How expensive is one {category} purchase on average?",
            "What do I spend at {merchant} per visit?",
            "How big is my normal purchase {period}?",
            "How much do I pay on average for {category}?",
            "What's my typical bill at {merchant}?",
            (
                "[What is|What's|What was|Tell me|Show me] [my|the] [average|mean|typical|"
                "usual] [purchase|transaction|payment|spend per purchase|purchase amount|"
                "basket] {period}"
            ),
            (
                "[What is|What's|What was] [my|the] [average|mean|typical|usual] [{category} "
                "purchase|spend at {merchant}|purchase at {merchant}|amount I pay at "
                "{merchant}|amount for {category}|bill at {merchant}] {period}?"
            ),
            (
                "How much [do I|did I] [spend|pay] on average [at {merchant}|on {category}|per "
                "purchase|per transaction|each time|each time I buy {category}] {period}?"
            ),
            (
                "How much [do I|did I] [usually|typically|normally|generally] [spend|pay] [at "
                "{merchant}|for {category}|per purchase|each time I go to {merchant}|when I go "
                "to {merchant}] {period}?"
            ),
            (
                "On average, [how much do I spend|what do I pay|how much is it] [at {merchant}|"
                "per {category} purchase|per transaction|for {category}|each time I shop at "
                "{merchant}] {period}?"
            ),
            (
                "[average|mean|typical] [transaction|purchase|payment|{category} purchase|"
                "spend at {merchant}|transaction size|basket size|bill at {merchant}] {period}"
            ),
            (
                "[What does|How much does] [a typical|an average|a normal|the average|one] "
                "[purchase|visit to {merchant}|trip to {merchant}|{category} purchase] [cost|"
                "cost me|come to|set me back] {period}?"
            ),
            (
                "How [big|large|high|expensive] is [my average purchase|a typical transaction "
                "of mine|the average payment|a normal visit to {merchant}] {period}?"
            ),
            (
                "[Calculate|Work out|Compute] [my average purchase|the average I spend at "
                "{merchant}|the mean of my {category} purchases|the average payment] {period}"
            ),
            (
                "What do I [normally|usually|typically|generally] [spend|pay] [each time|per "
                "go|in one go|per purchase|a time] [at {merchant}|on {category}] {period}?"
            ),
            (
                "What [amount|sum] do I [spend|pay] per [purchase|transaction|visit to "
                "{merchant}|{category} purchase] on average {period}?"
            ),
            (
                "My [purchases|payments|transactions] {period}, how much [is one|are they] on "
                "average?"
            ),
            (
                "How much per [visit|purchase|transaction|time] [at {merchant}|for {category}] "
                "on average {period}?"
            ),
        ),
    }
)
