From Coq Require Import Extraction ZArith.
From Exactsurf Require Import Check.
Extraction Language JSON.
Extract Inlined Constant Z.add => "Z.add".
Extract Inlined Constant Z.sub => "Z.sub".
Extract Inlined Constant Z.mul => "Z.mul".
Extract Inlined Constant Z.opp => "Z.opp".
Extract Inlined Constant Z.abs => "Z.abs".
Extract Inlined Constant Z.eqb => "Z.eqb".
Extract Inlined Constant Z.ltb => "Z.ltb".
Extract Inlined Constant Z.leb => "Z.leb".
Extract Inlined Constant Z.div => "Z.div".
Extract Inlined Constant Z.modulo => "Z.modulo".
Extract Inlined Constant Z.gcd => "Z.gcd".
Extract Inlined Constant Z.lcm => "Z.lcm".
Extract Inlined Constant Z.pow => "Z.pow".
Extract Inlined Constant Z.log2 => "Z.log2".
Extract Inlined Constant Z.to_pos => "Z.to_pos".
Extract Inlined Constant Pos.mul => "Pos.mul".
Extraction Inline fst snd.
Extraction "check.json" check.
