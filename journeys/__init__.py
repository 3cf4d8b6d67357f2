"""How customers move: the five stages of the customer experience journey, and the client's home page."""
