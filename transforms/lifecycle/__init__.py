"""The life of an article: names, changes, doubts, reviews, embargoes."""
