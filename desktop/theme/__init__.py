"""Colours, faces and icons: everything that says how the window looks."""
