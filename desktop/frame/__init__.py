"""What stands around the views: rail, header, strip, palette, start page, help."""
