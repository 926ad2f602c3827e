"""What an attacker would try, across all packages at once: who reaches which address, and what each field carries.

The other folders mirror a package of the program. This one mirrors none, because its subject is every address and every
text field there is: they are found in the URLs and in the forms, so that a new page is attacked from its first day.
An attack on one package's own rule stands with that package (docs/security/varredura.md names where).
"""
