"""What people call common categories; users' own ones need no entry."""

from typing import Final

# Category → phrases. Each is matched word for word, and the rest by what is nearest in meaning.
PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "groceries": (
        "groceries", "food shopping", "supermarket", "grocery shopping", "grocery store",
        "weekly shop", "weekly shopping", "big shop", "food", "food and drink",
        "food for the house", "household shopping", "fruit and veg", "fruit", "vegetables", "bread",
        "milk", "meat", "fish", "bakery", "butcher", "greengrocer", "corner shop",
        "convenience store", "household essentials", "toiletries and food", "baby food", "snacks",
        "provisions", "cooking ingredients", "produce", "fresh produce", "dairy", "pet food",
        "cat food", "dog food",
    ),
    "eating_out": (
        "eating out", "restaurants", "takeaways and cafes", "dining", "dining out", "meals out",
        "takeaway", "takeout", "cafe", "coffee", "coffee shop", "coffees and teas", "lattes", "pub",
        "bars", "drinks", "beer", "pints", "lunch", "dinner", "breakfast out", "brunch", "meals",
        "fast food", "burgers", "pizza", "curry", "sushi", "kebab", "sandwiches", "food delivery",
        "delivered food", "ordering in", "canteen", "bistro", "eateries", "restaurant meals",
        "coffee and cake", "ice cream", "desserts", "cocktails", "wine bar",
    ),
    "fuel": (
        "fuel", "petrol", "diesel", "unleaded", "gasoline", "petrol station", "gas station",
        "filling station", "service station", "filling up the car", "filling up the tank",
        "topping up the tank", "fuel for the car", "petrol for the car", "gas for the car",
        "car fuel", "tank of petrol", "charging the car", "ev charging", "motor fuel", "pump",
        "topping up the car", "refuelling", "fuelling up",
    ),
    "transport": (
        "transport", "public transport", "transportation", "bus", "train", "taxi", "cab", "minicab",
        "ride hailing", "uber", "rides", "tube", "underground", "metro", "subway", "tram",
        "railway", "rail tickets", "train tickets", "train fares", "bus fares", "bus pass",
        "season ticket", "travel card", "commute", "commuting", "getting to work",
        "travelling to work", "getting around", "parking", "car parks", "tolls", "bike hire",
        "fares", "ferries", "coach tickets", "congestion charge", "car hire", "scooter hire",
    ),
    "shopping": (
        "shopping", "clothes", "shoes", "furniture", "clothing", "fashion", "trainers", "boots",
        "outfits", "accessories", "jewellery", "handbags", "gifts", "presents", "electronics",
        "gadgets", "appliances", "homeware", "home decor", "household goods", "kitchenware",
        "tools", "diy", "garden things", "toys", "cosmetics", "make-up", "perfume",
        "online shopping", "department stores", "retail", "sportswear", "things for the house",
        "new clothes", "footwear", "home furnishings", "bedding", "curtains", "crafts", "jeans",
        "dresses", "flowers",
    ),
    "books": (
        "books", "newspapers", "magazines", "novels", "paperbacks", "ebooks", "audiobooks",
        "textbooks", "comics", "stationery", "bookshop", "bookstore", "newsagent", "reading",
        "reading material", "literature", "the press", "notebooks and pens", "journals", "manga",
        "poetry", "kindle books", "printed matter", "dictionaries",
    ),
    "health": (
        "health", "medicine", "dentist", "healthcare", "medical", "medical bills", "medication",
        "pharmacy", "chemist", "drugstore", "doctor", "gp", "hospital", "clinic", "prescriptions",
        "pills", "painkillers", "vitamins", "supplements", "dental care", "teeth", "optician",
        "glasses", "contact lenses", "eye test", "physio", "physiotherapy", "therapy", "therapist",
        "wellbeing", "wellness", "first aid", "health care costs", "eye care", "hearing aid",
        "massage", "blood test", "vaccinations", "dental",
    ),
    "entertainment": (
        "entertainment", "cinema", "games", "concerts", "films", "movies", "theatre", "gigs",
        "shows", "live music", "festivals", "nights out", "going out", "clubbing", "fun",
        "fun and games", "leisure", "hobbies", "video games", "gaming", "streaming", "music",
        "museums", "events", "days out", "theme parks", "bowling", "sport", "sports events",
        "tickets for shows", "amusement", "fun stuff", "free time", "leisure activities",
        "going to shows", "arcades", "comedy", "theatre trips", "board games", "sports",
    ),
    "phone": (
        "phone", "mobile phone", "phone bill", "mobile", "cell phone", "telephone",
        "telephone bill", "phone contract", "mobile contract", "phone plan", "mobile bill",
        "sim card", "sim only", "mobile data", "data plan", "phone credit", "top up for the phone",
        "calls and texts", "internet", "broadband", "wifi", "telecoms", "phone company", "roaming",
        "handset", "landline", "phone company bill",
    ),
    "utilities": (
        "utilities", "electricity", "water", "heating", "utility bills", "household bills",
        "home bills", "energy", "energy bills", "gas and electric", "gas and electricity",
        "gas bill", "gas and water", "electric bill", "electricity bill", "water bill",
        "water rates", "power", "power bill", "electric", "light and heat", "energy supplier",
        "water company", "sewage", "heating the house", "running the house", "utility", "gas",
        "boiler", "council water", "rubbish collection",
    ),
    "travel": (
        "travel", "hotels", "flights", "holidays", "trips", "vacations", "getaways", "city breaks",
        "weekends away", "hotel stays", "accommodation", "plane tickets", "flight tickets",
        "airfare", "airlines", "flying", "air travel", "travelling abroad", "going abroad", "tours",
        "cruises", "package holidays", "hostels", "airbnb", "travel agency", "holiday bookings",
        "trips abroad", "trips away", "travelling", "holiday flights", "ski trips",
        "beach holidays", "resorts", "sightseeing",
    ),
    "fees": (
        "fees", "bank charges", "taxes", "charges", "bank fees", "charges from the bank", "tax",
        "council tax", "fines", "penalties", "parking fines", "parking tickets", "overdraft fees",
        "overdraft charges", "interest charges", "interest", "late fees", "late payment charges",
        "card fees", "account fees", "government charges", "admin fees", "commission",
        "service charges", "levies", "stamp duty", "speeding fines", "road tax", "banking",
        "foreign exchange fees",
    ),
}  # fmt: skip
# What a sentence about money also says for other reasons: only a tagger, which reads the sentence,
# can tell.
AMBIGUOUS: Final = frozenset(
    {
        "book", "charge", "charges", "commission", "event", "events", "fish", "fun", "game",
        "games", "going out", "interest", "pump", "reading", "ride", "rides", "show", "shows",
        "tool", "tools", "tour", "tours", "train",
    }
)  # fmt: skip
