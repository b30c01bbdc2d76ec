"""What is read of packages, and what is said about them."""
