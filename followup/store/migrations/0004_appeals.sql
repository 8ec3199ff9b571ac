-- What a resident raises: the appeal behind a case, its safe way of contact, relayed questions.
SELECT;
