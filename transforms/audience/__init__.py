"""What one partner gets: which articles, and what of them."""
