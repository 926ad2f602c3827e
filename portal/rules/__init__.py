"""What holds for webhooks whatever the framework: kinds of event, addresses, tries, signatures. Pure."""
