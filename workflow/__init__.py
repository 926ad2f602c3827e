"""Moving a case and recording the move are one statement."""
