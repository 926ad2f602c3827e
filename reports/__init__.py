"""Reading only: the balance and the totals."""
