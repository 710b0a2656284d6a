"""Getting bytes and turning them into text: inbox, snapshot store, readers, identification.

Nothing here knows what a number means; that is `transforms`.
"""
