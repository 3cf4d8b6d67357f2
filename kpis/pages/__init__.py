"""What the pages show: contexts made of queries' answers, as frozen values with every text ready to print."""
