"""Questions about what changes over time and what comes back, to learn from."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.alternatives import every

OVER_TIME: Final = every(
    {
        "compare_periods": (
            "Did I spend more {period} than {other}?",
            "Compare {bare} with {other_bare}",
            "How does {bare} compare with {other_bare}?",
            "Compare my {category} spending {period} with {other_bare}",
            "Did I spend more on {category} {period} than {other}?",
            "What is the difference between my spending {period} and {other}?",
            "Did I pay {merchant} more {period} than {other}?",
            "Is my spending {period} higher than {other}?",
            "Am I spending more on {category} {period} than {other}?",
            "Did I spend less {period} than {other}?",
            "spending {bare} versus {other_bare}",
            "Was I more thrifty {period} than {other}?",
            "How much less did I spend {period} than {other}?",
            "Which was more expensive, {bare} or {other_bare}?",
            "Was {bare} cheaper than {other_bare}?",
            "Have my costs for {category} risen {period} against {other_bare}?",
            "Is {bare} better or worse than {other_bare}?",
            "How much did my {category} costs differ between {bare} and {other_bare}?",
            "Set {bare} against {other_bare}",
            (
                "[Did I spend|Have I spent|Did I pay out] [more|less|more money|less money] "
                "{period} [than|compared to|compared with] {other_bare}?"
            ),
            (
                "[Did I spend|Have I spent] [more|less] on {category} {period} [than {other}|"
                "compared to {other_bare}|than I did {other}]?"
            ),
            (
                "[Did I spend|Have I spent|Did I pay] [more|less] at {merchant} {period} [than "
                "{other}|compared with {other_bare}|than I did {other}]?"
            ),
            (
                "[How does|How did|How do] [my spending|my expenses|my {category} spending|my "
                "{category} costs|my spend at {merchant}] {period} compare [with|to|against] "
                "{other_bare}?"
            ),
            (
                "[Compare|Contrast] [my spending|my expenses|what I spent|my {category} costs|"
                "my spend at {merchant}] {period} [with|to|and|against] {other_bare}"
            ),
            "[Compare|Contrast|Match|Put] {bare} [with|to|against|next to] {other_bare}",
            (
                "[{bare}|{category} {bare}] [against|versus|compared to|compared with|or] "
                "{other_bare}"
            ),
            (
                "[Was|Is] my [spending|spend|total|{category} spending|{category} bill] "
                "[higher|lower|bigger|smaller] {period} than {other}?"
            ),
            (
                "[Has|Did] my [spending|{category} spending|{category} bill|spend at "
                "{merchant}] [go up|gone up|increase|increased|go down|gone down|drop|dropped|"
                "fall|grow] {period} [compared to|compared with|versus|against|over] "
                "{other_bare}?"
            ),
            (
                "[How much|By how much] [more|less] [did I spend|have I spent|was spent] [on "
                "{category}|at {merchant}|] {period} [than {other}|compared to {other_bare}]?"
            ),
            (
                "[What's|What is|Show|Tell me] the [difference|change|gap] [between {bare} and "
                "{other_bare}|in my spending between {bare} and {other_bare}|in {category} "
                "spending between {bare} and {other_bare}]?"
            ),
            (
                "[Which|What] [was dearer|cost me more|was cheaper|was the more expensive "
                "month], {bare} or {other_bare}?"
            ),
            (
                "[Am I|Was I] [doing better|doing worse|spending more|spending less|saving "
                "more] {period} than {other}?"
            ),
            (
                "Did {category} [get more expensive|cost more|cost less|go up|go down] "
                "{period} [compared to {other_bare}|than {other}]?"
            ),
            (
                "[I think|I feel like|It seems] I [spent|have spent] [more|less] {period} than "
                "{other}, [is that true|is that so|am I right]?"
            ),
            "How [different|much different] was {bare} from {other_bare}?",
            "Is {bare} [more expensive|cheaper|dearer] than {other_bare}?",
            (
                "How much has my [spending|{category} spending|spend at {merchant}] [gone up|"
                "increased|fallen|changed] {period} [since|versus|against] {other_bare}?"
            ),
        ),
        "recurring_payments": (
            "What subscriptions do I have?",
            "Which recurring payments do I have?",
            "List my subscriptions",
            "What do I pay every month?",
            "Show my regular payments",
            "How much do my subscriptions cost?",
            "Which bills come every month?",
            "What am I subscribed to?",
            "Which payments repeat each month?",
            "total cost of my subscriptions per month",
            "my standing monthly charges",
            "Find payments that keep coming back",
            "Which charges come again and again?",
            "What are my fixed monthly costs?",
            "Which memberships do I pay for?",
            "What is debited from me each month?",
            "What bills do I have each month?",
            "Do I pay anything regularly?",
            (
                "[What|Which] [subscriptions|memberships|standing orders|regular payments|"
                "recurring payments|recurring bills|monthly bills|repeat payments] do I [have|"
                "pay|pay for|have running]?"
            ),
            (
                "[List|Show|Show me|Give me|Tell me|Find] [all my|my|the] [subscriptions|"
                "recurring payments|regular bills|monthly payments|repeating charges|regular "
                "outgoings|memberships]"
            ),
            (
                "[What|Which payments|Which bills|What charges] [comes out|come out|leave my "
                "account|are taken|do I get charged|are charged] [every month|each month|"
                "monthly|regularly]?"
            ),
            (
                "How much [do I pay|am I paying|do I spend|goes out|leaves my account] [for "
                "subscriptions|on subscriptions|in recurring payments|on regular bills] [every "
                "month|each month|a month|monthly|]?"
            ),
            (
                "What am I [subscribed to|paying for regularly|paying for every month|signed "
                "up for|still paying for]?"
            ),
            (
                "[Do I have|Have I got] any [subscriptions|recurring payments|regular payments|"
                "monthly charges|running subscriptions]?"
            ),
            (
                "[subscriptions|recurring payments|regular payments|monthly bills|standing "
                "payments|my subscriptions|all recurring]"
            ),
            (
                "[Which|What] [companies|services|firms] [charge me|bill me|take money from "
                "me] [every month|each month|regularly|on a regular basis]?"
            ),
            "What [regularly|automatically] [leaves my account|goes out|gets deducted|is taken]?",
            (
                "What are my [fixed|regular|recurring|repeating|steady] [costs|expenses|"
                "payments|outgoings|bills]?"
            ),
            "[total|sum|cost] of my [subscriptions|recurring payments|regular bills]",
            "Is there anything I pay [for every month|monthly|again and again]?",
            (
                "[I want to cancel things|I need to cut costs], [what subscriptions do I have|"
                "which subscriptions am I on]?"
            ),
        ),
    }
)
