"""Documents → Feeds in processes of their own, which end when one takes too long.

Nothing here but ``serving``, which runs there, imports what reads documents.
"""
