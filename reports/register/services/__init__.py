"""Publishing the register, and answering who asks for its correction."""
