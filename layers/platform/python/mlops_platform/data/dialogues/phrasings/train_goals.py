"""Questions about savings goals, and small talk, to learn from."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.alternatives import every

GOALS: Final = every(
    {
        "goal_progress": (
            "How is my {goal} goal going?",
            "How much have I saved for my {goal}?",
            "How far am I with my {goal}?",
            "What is the progress on my {goal} goal?",
            "How close am I to my {goal} goal?",
            "Show my {goal} savings",
            "How much is missing for the {goal}?",
            "Am I on the way to my {goal}?",
            "How am I doing on my savings goal?",
            "progress of my goal",
            "What is left to save for my {goal}?",
            "status of the {goal} fund",
            "How much do I have for the {goal} by now?",
            "What have I put away for my {goal}?",
            "Is there much left to save for the {goal}?",
            "How well is the {goal} goal doing?",
            "How much do I still need for my {goal}?",
            "How much more must I save in total for my {goal}?",
            "Do I have enough for the {goal} yet?",
            "How much is there in my {goal} fund?",
            (
                "[How is|How's] [my|the] {goal} [goal|fund|saving|savings|plan] [going|doing|"
                "getting on|progressing|coming on|looking]?"
            ),
            (
                "How [much|much money] [have I saved|have I put aside|do I have|have I "
                "collected|is saved|have I set aside] [for|towards] [my|the] {goal} [so far|"
                "already|now|]?"
            ),
            "How [far|close] am I [to|from] [my|the] {goal} [goal|target|]?",
            (
                "How [much|much more|much money] [do I still need|is left|is missing|is still "
                "missing|do I have left to save|remains] [for|to reach] [my|the] {goal}?"
            ),
            (
                "[What is|What's] [the status|the progress|the state|the standing] of my "
                "{goal} [goal|fund|savings|plan]?"
            ),
            "[Am I|Are we] [nearly there|close|getting there|halfway] with [my|the] {goal}?",
            (
                "[Show|Tell] me [my progress|how far I am|where I am|how I'm doing] [with|on|"
                "towards] [my|the] {goal} [goal|fund|]"
            ),
            (
                "[{goal} progress|{goal} savings|progress {goal}|{goal} fund balance|{goal} so "
                "far|my {goal} savings]"
            ),
            (
                "[How much of|What share of|What part of] my {goal} [goal|target] [is done|"
                "have I reached|is saved|have I got|is complete]?"
            ),
            "Where [do I stand|am I] with [my|the] {goal}?",
            "[Have I|Did I] [reached|hit|met|made] [my|the] {goal} [goal|target] yet?",
            "[Have I got|Do I have] enough [money|saved|] for [my|the] {goal} [now|already|yet]?",
            "How am I [doing|getting on|progressing] with [my|the] {goal}?",
            (
                "[I am saving|I'm saving up] for [a|the|my] {goal}, how [far am I|is it going|"
                "much do I have]?"
            ),
            "How [is|are] my [savings|goal|savings goals|saving goals] [doing|going|coming on]?",
            "Is my {goal} [goal|fund] on [track|course|schedule]?",
            "How full is my {goal} [fund|jar|piggy bank]?",
            "How long a way is it to my {goal} goal?",
        ),
        "goal_pace": (
            "How much do I need to save each month for my {goal}?",
            "What must I put aside monthly for the {goal}?",
            "How much per month to reach my {goal} goal in time?",
            "What should I save a month to afford my {goal}?",
            "How much a month do I need for my {goal}?",
            "What monthly saving gets me to my {goal} goal by the deadline?",
            "How much do I have to save every month to reach my goal?",
            "monthly amount needed for the {goal}",
            "What do I need to set aside per month to meet my {goal} deadline?",
            "How much should I save each month for my goal?",
            "required monthly savings for my {goal}",
            "What do I have to save monthly so that I can pay for my {goal}?",
            "How big must my monthly saving for the {goal} be?",
            "At what monthly rate do I reach my {goal} in time?",
            "How much should go into my {goal} savings every month?",
            "What's the monthly amount for my {goal}?",
            (
                "How much [do I need to|must I|should I|do I have to|would I have to] [save|"
                "put aside|put away|set aside|save up] [each month|every month|a month|per "
                "month|monthly] [for|to afford|to reach|to get] [my|the] {goal} [in time|on "
                "time|by the deadline|]?"
            ),
            (
                "[What|How much] [do I need to|must I|should I|do I have to] [save|put away|"
                "set aside|put in] [each month|every month|a month|per month|monthly] [for|to "
                "reach] [my|the] {goal}?"
            ),
            (
                "[What is|What's] the [monthly|required monthly|necessary monthly] [amount|"
                "saving|sum|rate|contribution] for [my|the] {goal} [goal|]?"
            ),
            (
                "[monthly|required] [saving|amount|savings|contribution] [for the|for my|to "
                "reach my] {goal}"
            ),
            (
                "How much [a month|per month|each month|monthly] [for|to reach|to get to|"
                "towards] [my|the] {goal} [goal|]?"
            ),
            (
                "To [reach|hit|afford|make|get] my {goal} [goal|] [on time|in time|by the "
                "deadline], [how much do I save a month|what do I have to put away monthly|how "
                "much per month do I need]?"
            ),
            (
                "[I want|I'd like] to [reach|afford|meet] my {goal} [goal|] [on time|by the "
                "deadline], how much [should I save each month|a month is that|per month does "
                "that take]?"
            ),
            "[At what rate|How fast] do I [need to|have to] save for [my|the] {goal}?",
            (
                "What [monthly amount|sum a month|saving per month] [do I need|is needed|is "
                "required|gets me there] for [my|the] {goal}?"
            ),
            (
                "[Tell me|Work out|Calculate|Show me] [how much I need to save monthly|the "
                "monthly amount I need|what to save each month] for [my|the] {goal}"
            ),
            (
                "How [big|high|large] [should|must] my monthly [contribution|saving|payment] "
                "to [my|the] {goal} [be|fund be]?"
            ),
            (
                "How much should I be [saving|putting aside|putting away|contributing] [each "
                "month|monthly|a month] for [my|the] {goal}?"
            ),
            "What's the [least|minimum] I [need to|should] save a month for [my|the] {goal}?",
        ),
        "goal_date": (
            "When will I reach my {goal} goal if I save {amount} a month?",
            "If I put aside {amount} a month, when is my {goal} paid for?",
            "How long until my {goal} if I save {amount} per month?",
            "How many months until I reach my {goal} saving {amount} a month?",
            "Saving {amount} monthly, when do I have enough for the {goal}?",
            "When can I afford my {goal} with {amount} a month?",
            "When will I reach my {goal} goal?",
            "How long will my {goal} take at {amount} each month?",
            "With {amount} every month, when is the {goal} goal done?",
            "date I reach my {goal} with {amount} per month",
            "When will my goal be reached if I save {amount} a month?",
            "If I save {amount} a month, by when can I pay for my {goal}?",
            "Is my {goal} soon reached with {amount} a month?",
            "How many months of saving {amount} until the {goal}?",
            "How soon can I have my {goal} if I put {amount} away monthly?",
            "When do I get to my {goal} with savings of {amount} a month?",
            (
                "[When|By when] [will I|can I|would I|do I] [reach|afford|have|get|hit|"
                "complete] [my|the] {goal} [goal|] [if I save|saving|by saving|if I put aside|"
                "putting away] {amount} [a month|per month|each month|monthly|every month]?"
            ),
            (
                "If I [save|put aside|put away|set aside|saved|pay in] {amount} [a month|per "
                "month|each month|every month|monthly], [when|by when] [will I reach|can I "
                "afford|do I have|will I have|am I done with] [my|the] {goal}?"
            ),
            (
                "How [long|many months|much longer] [will it take|does it take|would it take|"
                "until I have|to get to|before I reach] [my|the] {goal} [with|at|saving|if I "
                "save] {amount} [a month|per month|each month|monthly]?"
            ),
            (
                "[With|At|Saving] {amount} [a month|per month|each month|monthly|every month], "
                "[when|how soon|by when] [will I reach|do I reach|can I afford|will I have|is "
                "it enough for] [my|the] {goal}?"
            ),
            (
                "[With|At|Saving] {amount} [a month|per month|each month], how long [until|to "
                "reach|does it take to reach|before I get] [my|the] {goal}?"
            ),
            (
                "[What date|On what date|In which month|What month] [will I reach|do I reach|"
                "can I afford|do I get] my {goal} [if I save|saving|with] {amount} [a month|"
                "monthly|each month]?"
            ),
            (
                "[{goal} date with|{goal} when saving|time to {goal} at|date of {goal} with] "
                "{amount} [a month|per month|monthly]"
            ),
            (
                "[Suppose|Say|Assume|Let's say|Imagine] I [save|put away|put aside] {amount} "
                "[a month|each month|monthly], when [do I have|will I reach|can I get] [my|"
                "the] {goal}?"
            ),
            (
                "[Is|Will] {amount} [a month|per month|each month] [enough to reach my {goal} "
                "soon|get me to my {goal} soon|get me to the {goal}, and when]?"
            ),
            (
                "[When|How soon] [will|can] [my|the] {goal} be [reached|paid|done|possible|"
                "complete] [if I save|with|at] {amount} [a month|per month|monthly]?"
            ),
            (
                "I [can save|could save|will save|am saving|plan to save] {amount} [a month|"
                "per month|each month|monthly], when [is the {goal} possible|will I have my "
                "{goal}|do I reach my {goal}|can I get the {goal}]?"
            ),
            (
                "How [soon|quickly|fast] [will I reach|can I reach|would I get] my {goal} with "
                "{amount} [a month|per month|each month|monthly]?"
            ),
        ),
    }
)

SMALL_TALK: Final = every(
    {
        "greeting": (
            "Hello",
            "Hi there",
            "Good morning",
            "Hey",
            "Good evening, how are you?",
            "Hi, nice to meet you",
            "hello assistant",
            "Hey there, good to see you",
            "greetings",
            "Hi SelfMate",
            "hiya",
            "Good to see you",
            "Hello, my friend",
            "Hi again",
            "good night",
            "Hello, how are things?",
            "Hi, how are you?",
            "[Hi|Hello|Hey|Hiya|Heya|Hallo|Hullo]",
            "[hi|hello|hey] [you|mate|friend|everyone|bot|assistant|pal|dear]",
            "[Good] [day|day to you|morning to you|evening]",
            (
                "[hi|hello|hey] [how are you|how are you doing|how's things|how is your day|"
                "what's up|how do you do]?"
            ),
            (
                "[What's up|How are you|How are you today|How's it going|How are things|You "
                "alright|Alright]?"
            ),
            "g'day",
            "hi hi",
            "[Nice|Pleased|Lovely] to [meet you|see you|talk to you]",
            "[hi|hello|hey] [it's me|I'm back|I am new here]",
            "Greetings, assistant",
            "[Morning|Afternoon|Evening]",
            "Good [morning|afternoon|evening], [friend|assistant|all|my dear]",
            "Salutations",
            "hello hello",
            "welcome",
            "Sup",
            "hey what's new",
            "[hi|hello] there [friend|mate|again]",
            "[Bye|Goodbye|See you|Good night then]",
            "[Thanks|Thank you|Cheers], [hello|hi]",
        ),
        "help": (
            "What can you do?",
            "Help",
            "What can I ask you?",
            "How do you work?",
            "Which questions do you understand?",
            "I need help with this assistant",
            "Show me what you are able to answer",
            "Give me some examples of questions",
            "How can you help me?",
            "what are your functions",
            "tell me your features",
            "What is this assistant for?",
            "Who are you and what do you do?",
            "What do you know about my money?",
            "Give me a hand, I do not know what to ask",
            "What can you tell me?",
            "What do you do?",
            (
                "[What|Which things] [can|could] [I ask|you do for me|you tell me|you answer|"
                "you help me with|you help with]?"
            ),
            (
                "[What|What sort of things|What kind of things|Which topics] [do you know|do "
                "you understand|can I ask about|can you tell me about|do you cover|can you "
                "handle]?"
            ),
            (
                "[How|In which ways] [do I use you|can I use you|do you work|can you help|does "
                "this assistant work|do I use this|should I ask you things]?"
            ),
            (
                "[I need|I could use|I'd like] [help|some help|a hand|guidance] [please|with "
                "using this|to get started|]"
            ),
            "[help|help me|help please|instructions|commands|options|menu|what now|how to use]",
            (
                "[Show|Tell|Give] me [what you can do|examples|some examples|your abilities|"
                "your capabilities|the options|what I can ask|sample questions]"
            ),
            "[Who|What] [are you|is this]?",
            (
                "[What|What exactly] [is your purpose|are your skills|are your capabilities|do "
                "you offer|are you for|are you able to help with]?"
            ),
            (
                "[I don't know|I am not sure|I'm unsure] [what to ask|how to use you|how this "
                "works|what you can do|what I can ask]"
            ),
            (
                "[Can you|Could you] [help me|help|explain how you work|give me an example|"
                "tell me what you can do|explain yourself]?"
            ),
            (
                "[Introduce yourself|Explain yourself|Tell me about yourself|What are my "
                "options|Where do I start]"
            ),
            (
                "What [questions|kinds of question|sort of questions] [are possible|can be "
                "asked|may I ask|would you answer]?"
            ),
            "What do you [help with|know about|answer|talk about]?",
        ),
    }
)
