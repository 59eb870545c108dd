"""What is no question for this assistant, to learn from."""

from typing import Final

from mlops_platform.data.dialogues.phrasings.alternatives import alternatives

FOREIGN: Final = alternatives(
    "What is my account balance?",
    "Transfer money to my sister",
    "What is the exchange rate of the euro?",
    "Will it rain tomorrow?",
    "Tell me a joke",
    "Which stocks should I buy?",
    "How do I renew my passport?",
    "Block my card please",
    "What is my salary?",
    "Can I get a loan?",
    "Translate good morning into Spanish",
    "Who won the football match yesterday?",
    "What is the capital of Peru?",
    "Set an alarm for seven",
    "Play some music",
    "Write a poem about autumn",
    "What time is it in Tokyo?",
    "Open a new savings account",
    "My card was stolen",
    "What is my PIN?",
    "Change my address to Baker Street",
    "Recommend a good film",
    "How tall is Mount Everest?",
    "Book a table for two tonight",
    "Is bitcoin a good investment?",
    "What interest rate do you offer on mortgages?",
    "How do I fill in my tax return?",
    "Cook me a recipe for lasagne",
    "What is the meaning of life?",
    "Cancel my direct debit",
    "When does the bank open on Saturdays?",
    "Who is the prime minister?",
    "Send an e-mail to my boss",
    "How many calories are in a banana?",
    "Why was my payment declined?",
    "Increase my overdraft limit",
    "Read me the news",
    "What is the square root of nine?",
    "I want to dispute a charge",
    "How is the traffic on the motorway?",
    "Turn off the lights in the kitchen",
    "What does the word ephemeral mean?",
    "Which phone should I buy?",
    "Order a pizza",
    "How old are you?",
    "Is my money safe with you?",
    "What is inflation?",
    "When is my credit card due?",
    "Delete my account",
    "Do you like dogs?",
    "asdf qwerty zxcv",
    "the cat sat on the mat",
    "Will my friend pay me back?",
    "Pay my gas bill now",
    "Convert pounds to dollars",
    "What is my credit score?",
    "How much does a train ticket to Paris cost?",
    "What is the price of gold?",
    "Which bank has the best rates?",
    "How many people live in London?",
    "Remind me to call the dentist",
    "How much did my wages go up?",
    "Find me a cheaper energy supplier",
    "What did the president say?",
    "How much is my rent going to be next year?",
    "Give me directions to the airport",
    "Who painted this picture?",
    "What are the symptoms of flu?",
    "Sell my shares",
    "Do I have enough to retire?",
    "Which card has the best rewards?",
    "Activate my new card",
    "Show me my statements",
    "Is there a fee for withdrawing cash abroad?",
    "How much did my neighbour spend?",
    "What will prices be next year?",
    "Did my salary arrive?",
    "Make a payment to my landlord",
    "What is my account number?",
    "How many goals did the team score?",
    "When does the shop close?",
    "What is on television tonight?",
    "I am bored",
    "Spell accommodation",
    "What day is Easter?",
    "Sing a song",
    "How much money does my boss make?",
    "What are the opening times of the museum?",
    "Where can I buy cheap shoes?",
    (
        "[What's|Tell me|Show me] [the balance on my card|my current balance|my bank balance|"
        "my savings account balance]"
    ),
    "How much money [do I have in the bank|is in my account|have I got left]?",
    (
        "[Send|Transfer|Move|Wire|Pay] [£50|ten pounds|some money|100 euros] to [my mum|my "
        "brother|John|my landlord|another account]"
    ),
    (
        "[Will it|Is it going to] [rain|be sunny|be cold|snow] [today|tomorrow|on Sunday|this "
        "afternoon]?"
    ),
    "What's the [weather|temperature|forecast] [like|in London|for tomorrow|outside]?",
    "[Tell|Give] me [a riddle|a story|a fun fact|another joke|some gossip]",
    (
        "[Should I|Is it wise to] [buy bitcoin|invest in gold|buy Tesla shares|put money in "
        "bonds|sell my stocks]?"
    ),
    "[My card is|My wallet was|My phone was] [stolen|lost|broken|blocked]",
    "[Cancel|Freeze|Replace|Unblock|Order] my [card|debit card|credit card|account]",
    (
        "[What is|What's] my [IBAN|sort code|account number|PIN|card number|username|customer "
        "number]?"
    ),
    "[Reset|Change|I forgot] my [password|PIN|login|passcode]",
    (
        "[Who|What] is [the president of France|the tallest building|the fastest animal|Albert "
        "Einstein|the Mona Lisa]?"
    ),
    "What is the capital of [Spain|Australia|Norway|Japan]?",
    "[Play|Put on|Turn on] [some jazz|the news|a song|my playlist|Radio Four]",
    "[Set|Start] [a timer for ten minutes|an alarm|a reminder for tomorrow|a countdown]",
    (
        "[Book|Reserve|Find] [a flight to Rome|a hotel in Paris|a table for four|a taxi|"
        "tickets for tonight] for me"
    ),
    (
        "How do I [get a mortgage|apply for a loan|open an account|close my account|increase "
        "my limit|get a credit card]?"
    ),
    (
        "[Can I|May I] [have an overdraft|borrow five thousand pounds|get a new card|speak to "
        "a human|talk to an agent]?"
    ),
    (
        "[What is|What's] [the interest rate|the base rate|your mortgage rate|the exchange "
        "rate today|the dollar worth]?"
    ),
    "Convert [10 dollars to pounds|100 euros into yen|miles to kilometres]",
    "What is [3 plus 4|the square root of 81|12 times 12|half of 250|pi]?",
    "How do I [bake bread|make pancakes|fix a puncture|tie a tie|lose weight|learn Spanish]?",
    "[Write|Compose|Draft] [an email to my boss|a poem|a letter|a birthday message|some code]",
    "[Translate|How do you say] [hello|thank you|good night] [in French|into German]",
    "[How old|How tall|How heavy] [are you|is the Queen|is the Eiffel Tower|is an elephant]?",
    "[What|When] is [the next bank holiday|Easter|Mother's Day|the next full moon]?",
    (
        "[Why|How come] [was my payment declined|did my card not work|is my account locked|is "
        "my transfer late]?"
    ),
    "[When|Has] [will my wages come|does my salary arrive|my refund arrived|my pay come in]?",
    (
        "How much [do I earn|is my salary|does a nurse earn|is the minimum wage|tax do I owe|"
        "pension will I get]?"
    ),
    (
        "How much [is a litre of milk|does a new iPhone cost|is a flight to New York|does a "
        "house cost|is a pint in London]?"
    ),
    (
        "[Set up|Cancel|Stop|Change] [a standing order|my direct debit|a subscription for me|"
        "the payment to my gym]"
    ),
    "[Pay|Settle] my [credit card bill|rent|electricity bill|invoice] [now|for me|]",
    (
        "[I want to|Help me] [complain|dispute a charge|report fraud|claim a refund|make a "
        "complaint]"
    ),
    (
        "[What's|Where is] [the nearest branch|the nearest cash machine|your head office|your "
        "phone number|the closest supermarket]?"
    ),
    "[Who|Which team] [won the league|won the election|scored last night|is in the final]?",
    "[Do you|Are you] [love me|a robot|human|hungry|married|religious|real]?",
    "[You are|That was] [stupid|great|funny|wrong|useless|amazing]",
    "[blah blah|lorem ipsum|qwertyuiop|xyz|hjkl|aaaa|banana banana]",
    "[ok|okay|cool|lol|haha|whatever|never mind|nothing|thanks|thank you|yes|no|maybe|sure]",
    "[Is|Are] [the shop|the bank|the post office|museums] open [today|on Sunday|now]?",
    (
        "[Recommend|Suggest] [a book|a restaurant|a film|a good wine|a holiday destination|a "
        "podcast]"
    ),
    (
        "What [should I cook|should I wear|should I watch|phone should I buy|can I do] "
        "[tonight|today|this weekend]?"
    ),
    (
        "How [many people live in China|far is the moon|deep is the ocean|long is the Nile|"
        "many planets are there]?"
    ),
    (
        "What [does inflation mean|is compound interest|is an ISA|is a credit score|is a "
        "pension|are bonds]?"
    ),
    "[Improve|Check|What's] my credit [score|rating|report]",
    (
        "How much did [my sister|my husband|my friend|my boss|everybody else] spend [last "
        "month|this year|yesterday]?"
    ),
    "How much will [petrol|food|rent|everything] cost [next year|in ten years|tomorrow]?",
    "What will I spend [next month|next year|tomorrow]?",
    "[Remind me to|Don't let me forget to] [buy milk|pay the rent|call mum|go to the gym]",
    "[Create|Add|Delete|Change|Set up] [a new goal|my goal|a savings goal|a budget]",
    "[Increase|Raise|Lower|Change] my [goal|budget|deadline|limit]",
    (
        "[Do you|Can you] [sell insurance|offer loans|give tax advice|lend me money|file my "
        "tax return]?"
    ),
    (
        "[Tell me about|Explain] [the weather|football|history|quantum physics|the stock "
        "market|dinosaurs]"
    ),
    "[Call|Text|Message|Ring] [mum|the bank|my wife|a taxi|emergency services]",
    "[Turn|Switch] [off|on|down] the [lights|heating|television|alarm|music]",
    "[Buy|Order|Get] me [a pizza|some flowers|new shoes|a coffee|groceries]",
    (
        "[What|Which] [bank|card|insurance|energy supplier|phone contract] is [the best|the "
        "cheapest|right for me]?"
    ),
    "Is [this message|this email|this call|this website] a scam?",
    "[I feel|I am] [sad|bored|tired|happy|hungry|lonely]",
    "[Where|When] was [Napoleon|Mozart|my account|the bank] [born|opened|founded]?",
    "What [time|day|date|year] is it?",
    "Read [my emails|the news|me a story|my messages]",
    "[Did|Has] [my boss paid me|the transfer gone through|my refund come|Anna paid me back]?",
    "How [do|can] I [save tax|get rich|earn more|make money online|retire early]?",
)
