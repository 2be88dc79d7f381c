"""What the program carries with it: data and pictures, no behaviour of the application."""
