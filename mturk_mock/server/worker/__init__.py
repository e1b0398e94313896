"""The worker site: pages on which workers find HITs, do them and see what became of them."""
