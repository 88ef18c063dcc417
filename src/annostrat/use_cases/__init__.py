"""What a use case may say, and the files that hold use cases."""
