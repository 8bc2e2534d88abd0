"""Before and after, compared: does the migrated model compute what the TF1 original did?"""
