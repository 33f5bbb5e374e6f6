(* The checker in OCaml with Zarith, for speed. Besides the library's mapping of Z, three more operations are trusted. *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlZBigInt ZArith.
From Exactsurf Require Import Check.
Extract Constant Z.gcd => "Big_int_Z.gcd_big_int".
Extract Constant Z.lcm => "(fun a b -> Z.lcm a b)".
Extract Constant Z.log2 => "(fun a -> if Big_int_Z.sign_big_int a <= 0 then Z.zero else Z.of_int (Z.numbits a - 1))".
Extraction "ocaml/checker.ml" check.
