"""What happens by itself as a deadline comes near and passes: reminding, urging, supervising, moving a case up."""
