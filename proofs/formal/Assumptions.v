(* What the theorems rest on: the axioms of the library's real numbers and nothing else (compared with assumptions.txt). *)
From Exactsurf Require Import Soundness ReaderSound.
Print Assumptions accepted_certificates_hold.
Print Assumptions squared_R.
Print Assumptions absolute_R.
Print Assumptions huber_R.
Print Assumptions hinge_R.
Print Assumptions hinge_of_classes_R.
