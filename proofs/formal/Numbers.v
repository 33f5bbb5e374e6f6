(* Exact numbers of the checker: integers over common denominators, so that no step needs a greatest common divisor.
   Denominators have the type `positive`: they are never 0. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists.
Import ListNotations.
Open Scope Z_scope.

(* A common denominator of what came before and one more. *)
Definition common (d e : positive) : positive :=
  if Z.eqb (Z.modulo (Zpos d) (Zpos e)) 0 then d else Z.to_pos (Z.lcm (Zpos d) (Zpos e)).

(* The numerator of q over d, a multiple of its denominator. *)
Definition over (d : positive) (q : Q) : Z := Qnum q * (Zpos d / Zpos (Qden q)).

Definition common_of (d : positive) (l : list Q) : positive := fold (fun d q => common d (Qden q)) d l.
Definition align (l : list Q) : list Z * positive := let d := common_of 1 l in (tmap (over d) l, d).

(* The columns of a table have denominators of their own. *)
Definition table := (list (list Z) * list positive)%type.
Definition common_row (ds : list positive) (row : list Q) : list positive := tzip (fun d q => common d (Qden q)) ds row.
Definition common_rows (rows : list (list Q)) : list positive :=
  match rows with [] => [] | r :: _ => fold common_row (tmap (fun _ => 1%positive) r) rows end.
Definition table_of (rows : list (list Q)) : table :=
  let ds := common_rows rows in (tmap (tzip over ds) rows, ds).

Fixpoint zdot (acc : Z) (u v : list Z) : Z :=
  match u, v with a :: u', b :: v' => zdot (acc + a * b) u' v' | _, _ => acc end.
Definition zsum (u : list Z) : Z := fold Z.add 0 u.
Definition is_zero (u : list Z) : bool := all (Z.eqb 0) u.
Fixpoint same (u v : list Z) : bool :=
  match u, v with [], [] => true | a :: u', b :: v' => Z.eqb a b &&& same u' v' | _, _ => false end.

(* Rational numbers one at a time, where speed does not matter. *)
Definition quotient (n d : Z) : Q := let g := Z.gcd n d in Qmake (n / g) (Z.to_pos (d / g)).
Definition qadd (x y : Q) : Q := quotient (Qnum x * Zpos (Qden y) + Qnum y * Zpos (Qden x)) (Zpos (Qden x) * Zpos (Qden y)).
Definition qopp (x : Q) : Q := Qmake (- Qnum x) (Qden x).
Definition qmul (x y : Q) : Q := quotient (Qnum x * Qnum y) (Zpos (Qden x) * Zpos (Qden y)).
Definition qltb (x y : Q) : bool := Qnum x * Zpos (Qden y) <? Qnum y * Zpos (Qden x).
Definition qleb (x y : Q) : bool := Qnum x * Zpos (Qden y) <=? Qnum y * Zpos (Qden x).
Definition qeqb (x y : Q) : bool := Qnum x * Zpos (Qden y) =? Qnum y * Zpos (Qden x).

(* ---- Sizes: what would take too long is answered, not computed. Nothing is proved about this. ---- *)
Definition most_bits : Z := 2097152.       (* of the common denominator of a list in the evidence *)
Definition few_bits : Z := 262144.         (* of that of a problem and its parameters *)

(* A common denominator and the longest numerator so far; None if the denominator has become too long. *)
Definition measure (most : Z) (st : option (positive * Z)) (q : Q) : option (positive * Z) :=
  match st with
  | None => None
  | Some (d, longest) =>
      let d' := common d (Qden q) in
      if most <? Z.log2 (Zpos d') then None
      else let n := Z.log2 (Z.abs (Qnum q)) in Some (d', if longest <? n then n else longest)
  end.
Definition is_short (l : list Q) : bool := match fold (measure most_bits) (Some (1%positive, 0)) l with None => false | Some _ => true end.
