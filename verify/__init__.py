"""Train networks on the multiplication of a finite group and judge what they learned."""
