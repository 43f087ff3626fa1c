"""What becomes of an article over its life: names, changes, doubts, reviews, embargoes."""
