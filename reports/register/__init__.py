"""The yearly register of founded complaints (CDC, art. 44): draft, publication, corrections, five-year expiry."""
