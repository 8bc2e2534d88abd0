"""What TensorFlow 1 and its successors call things. Plain data, no imports beyond Python's own."""
