"""Questions about sums of purchases, to learn from."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.alternatives import every

SPENDING: Final = every(
    {
        "spending": (
            "How much did I spend {period}?",
            "What did I spend {period}?",
            "How much money went out {period}?",
            "How much have I spent?",
            "What is my total spending {period}?",
            "How much did I spend on {category} {period}?",
            "What have I spent on {category} {period}?",
            "Show my {category} spending {period}",
            "Total for {category} {period}",
            "How much goes to {category}?",
            "How much did I spend at {merchant} {period}?",
            "What did I pay {merchant} {period}?",
            "How much have I spent at {merchant}?",
            "Spending at {merchant} {period}",
            "{period} how much did I spend on {category}?",
            "I want to know what I spent on {category} {period}",
            "Tell me how much I paid at {merchant} {period}",
            "my spending {period}",
            "sum of my {category} expenses {period}",
            "can you add up what I spent {period}",
            "How expensive was {bare}?",
            "How much money have I used {period}?",
            "Give me the total of my purchases {period}",
            "What is the amount I spent at {merchant} {period}?",
            "How much went to {merchant} {period}?",
            "What were my expenses {period}?",
            "My costs for {category} {period}",
            "What did my purchases at {merchant} amount to {period}?",
            "{category} spend {period}",
            "How much has {category} cost me {period}?",
            "Add up my {category} costs {period}",
            "What did I pay in total {period}?",
            "How much of my money went on {category} {period}?",
            (
                "How much [did I spend|have I spent|did I pay out|did I shell out|did I lay "
                "out] [on|for] {category} {period}?"
            ),
            (
                "How much [did I spend|have I spent|did I pay|did I leave|did I part with] at "
                "{merchant} {period}?"
            ),
            (
                "How much [money|cash|of my money] [did I spend|have I spent|went|disappeared|"
                "was used up] {period}?"
            ),
            (
                "[How much|What] [did {category} come to|did {category} add up to|was spent on "
                "{category}] {period}?"
            ),
            (
                "[What is|What's|what was|Whats] [the total|the sum|my total|the overall "
                "amount] [I spent|that I paid] [on {category}|at {merchant}] {period}?"
            ),
            "[What's|What is] my [overall|total|whole] [spend|spending|expenditure] {period}?",
            (
                "[Tell|Show] me [how much I spent|what I spent|my spend|my expenditure] [on "
                "{category}|at {merchant}] {period}"
            ),
            (
                "[I want to see|I'd like to know|Let me see|Let me know|Could you tell me|Can "
                "you tell me] [how much I spent|what I paid|what I've spent] [on {category}|at "
                "{merchant}] {period}"
            ),
            (
                "[I want to see|I would like to know|I am wondering|Do you know|Any idea] how "
                "much [money I spent|I spent in total|I spent] {period}"
            ),
            (
                "[{category}|{merchant}] [costs|expenses|expenditure|spendings|total|bill|sum] "
                "{period}"
            ),
            "{period} [on {category}|at {merchant}], how much [did I spend|have I paid]?",
            (
                "[{category}|{merchant}] {period} [please|how much was it|how much did I spend|"
                "total spend]"
            ),
            "[total|sum|money|amount] spent [on {category}|at {merchant}] {period}",
            (
                "[Calculate|Work out|Sum up|Total up|Add together] [my {category} spending|"
                "what I spent at {merchant}|all I spent] {period}"
            ),
            "How [pricey|costly|expensive] was {bare} [for me|overall|in total]?",
            (
                "How much [has|did] {merchant} [charge me|cost me|take from me|earn from me] "
                "{period}?"
            ),
            "What [did|does] [{category}|{merchant}] [cost me|set me back] {period}?",
            (
                "How much [do I owe to my love of {category}|did I burn on {category}|did I "
                "waste on {category}|did I lavish on {category}] {period}?"
            ),
            (
                "What [was my expenditure|were my outgoings|was the damage|did I get through] "
                "[on {category}|] {period}?"
            ),
            (
                "[Give me|I need|Send me|Get me] [the total|the amount|a figure|my number] for "
                "[{category}|{merchant}] {period}"
            ),
            "How much in total {period}?",
            "How much [money have I handed over|have I paid over] to {merchant} {period}?",
            (
                "[I bought|I keep buying] {category} {period}, [what did that cost|how much "
                "was that in total]?"
            ),
            (
                "[I went to {merchant}|I was at {merchant}] {period}, [what did I spend|how "
                "much did I pay there]?"
            ),
            (
                "[My|The] [total|combined] [bill|spending|outlay] [at {merchant}|for "
                "{category}] {period}?"
            ),
            "[Was|Is] {category} expensive for me {period}, how much was it?",
            "How much [cash|money] did I [put into|sink into|throw at] {category} {period}?",
            "how much spent {period}",
            "[spent|paid] [at {merchant}|on {category}] {period}",
            "What did {bare} cost [me|me in total]?",
        ),
        "spending_breakdown": (
            "Break down my spending {period}",
            "Show my spending by category {period}",
            "What did I spend my money on {period}?",
            "Which categories cost me most {period}?",
            "Split my expenses {period} by category",
            "Where does my money go?",
            "What are my biggest spending categories {period}?",
            "Give me an overview of my spending {period}",
            "List what I spent per category {period}",
            "How is my spending distributed {period}?",
            "spending summary {period}",
            "category breakdown for {bare}",
            "What share goes to each category {period}?",
            "Which kinds of things do I spend on {period}?",
            "What does my money go to {period}?",
            "My expenses by category {period}",
            "On what do I spend the most {period}?",
            "Show me a breakdown of {bare}",
            "What do I spend money on {period}?",
            "How much did I spend on each category {period}?",
            (
                "[Break|Split] [my spending|my outgoings|my expenses] down [by category|"
                "into categories|for me] [{period}|]"
            ),
            "[Break|Split] {bare} down [by category|into categories|for me]",
            (
                "[What|On what] [have I spent money on|did I spend all my money on|was my "
                "money spent on|went my money into] {period}?"
            ),
            (
                "[Where|What] [did my money go|has my money gone|does all my money go|did all "
                "of it go] {period}?"
            ),
            (
                "Where [have I been spending|am I spending|did I spend] my money {period}, by "
                "category?"
            ),
            (
                "[Show|Give|Send] me [a summary|an overview|a report|a split|a list] of [what "
                "I spend on|my spending areas|my spending categories|my expenses by type] "
                "{period}"
            ),
            (
                "[Which|What] [categories|areas|types of things|kinds of purchases] [do I "
                "spend most on|cost me the most|take most of my money|are the most expensive "
                "for me] {period}?"
            ),
            (
                "[What are|List|Name] my [top|main|biggest|largest] [categories|spending areas|"
                "expense types] {period}"
            ),
            (
                "[My|The] [spending|expenses] [per category|by type|by area|grouped by "
                "category] {period}"
            ),
            (
                "[How|In what way] [is my money divided|do my expenses split|do my costs break "
                "down|was my spending made up] {period}?"
            ),
            (
                "[categories|breakdown|spending split|split by category|overview of expenses] "
                "{period}"
            ),
            (
                "[I'd like|I want|I need|Can I have|Could I get] [a breakdown|a category "
                "overview|an analysis of my spending|a split of my expenses] [for {bare}|"
                "{period}]"
            ),
            (
                "What [percentage|share|proportion] of my money [goes on what|goes to which "
                "category] {period}?"
            ),
            "[Analyse|Summarise|Categorise] [my spending|my expenses|what I spent] {period}",
            "What [do|did] I [mostly|mainly] spend [on|money on|my money on] {period}?",
            "[I don't know|I have no idea|No clue] where my money [goes|went] {period}",
            (
                "[Can you tell me|I wonder] what I [spent my money on|waste my money on|am "
                "spending everything on] {period}"
            ),
            "What does {bare} consist of, [category by category|by category]?",
            (
                "What [things|stuff|kind of things] [have I been buying|did I buy|was I paying "
                "for] {period}?"
            ),
            "What took up most of my [spending|budget|cash] {period}?",
        ),
        "top_merchants": (
            "Which shops did I spend most at {period}?",
            "What are my top merchants {period}?",
            "Where do I shop the most?",
            "Which merchant gets most of my money {period}?",
            "List my biggest merchants {period}",
            "Which stores took most of my money {period}?",
            "top shops {period}",
            "Who did I pay the most {period}?",
            "Rank the places where I spend money {period}",
            "Which places did I spend the most at for {category} {period}?",
            "my favourite shops by spending {period}",
            "In which shop did I spend most {period}?",
            "Which shop has the most of my money {period}?",
            "Show the shops that I pay most",
            "With which merchants did I spend the most {period}?",
            "What are the main places where I spent money {period}?",
            "Which places do I spend most at {period}?",
            "What are the shops I spend the most at {period}?",
            "Where did I spend the most {period}?",
            (
                "[Which|What] [shops|stores|merchants|retailers|places|businesses|companies] "
                "[did I spend the most at|got the most money from me|do I spend the most in|"
                "have I paid the most to] {period}?"
            ),
            (
                "[Where|In which shops|In what places] [do I spend most of my money|did I "
                "leave the most money|have I spent the most|did most of my cash end up] "
                "{period}?"
            ),
            (
                "[Who|Which shop|Which company] [got|received|took|gets] [the most|most] [of "
                "my money|money from me|cash from me] {period}?"
            ),
            (
                "[List|Show|Give] me [the|my] [top|biggest|main|most expensive] [shops|stores|"
                "merchants|retailers] {period}"
            ),
            (
                "[top|biggest|favourite] [three shops|stores|retailers|vendors|places by spend|"
                "5 shops] {period}"
            ),
            (
                "[I'd like to see|Tell me|Can you tell me] [which shops I spend most at|at "
                "which shops I spent the most|who I paid the most] {period}"
            ),
            (
                "[Rank|Sort|Order] [the shops|my merchants|the places I shop at|stores] by "
                "[how much I spent|amount|spending] {period}"
            ),
            (
                "At [which|what] [merchants|stores|places] [am I spending|did I spend] [most|"
                "the most] [on {category}|] {period}?"
            ),
            (
                "Which [shops|stores] [cost me the most|are the most expensive for me|swallow "
                "most of my money] {period}?"
            ),
            "My [most used|biggest|top] shops by [money|total|spend] {period}",
            "To whom did I pay the most {period}?",
            (
                "Which [shop|store|place] do I [give most of my money|spend my money at most] "
                "{period}?"
            ),
        ),
    }
)
