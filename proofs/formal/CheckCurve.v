(* The executable checker of the rules `curve`, `direction` and `dead unit` (FORMAT.md, section 5): power series in t,
   cut off behind the order. A series is the list of its coefficients, the constant first; all have the same length. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Network.
From Exactsurf Require Import Lists Numbers Evaluate.
Import ListNotations.
Open Scope Z_scope.

Definition series := list Q.

Definition sadd (a b : series) : series := tzip qadd a b.
Definition sscale (c : Q) (a : series) : series := tmap (qmul c) a.
(* t times a series, cut off. *)
Definition shift (a : series) : series := tzip (fun x (_ : Q) => x) ((0#1)%Q :: a) a.
Fixpoint smul (a b : series) : series :=
  match a with [] => tmap (fun _ => 0#1)%Q b | c :: a' => sadd (sscale c b) (shift (smul a' b)) end.
Definition constant_series (like : series) (c : Q) : series :=
  match like with [] => [] | _ :: rest => c :: tmap (fun _ => 0#1)%Q rest end.

(* The sign of the first coefficient behind the constant that is not 0, if there is one. *)
Fixpoint lead_sign (a : list Q) : comparison :=
  match a with [] => Eq | c :: a' => if Qnum c =? 0 then lead_sign a' else if Qnum c <? 0 then Lt else Gt end.
Definition rest_of (a : series) : list Q := match a with [] => [] | _ :: r => r end.
Definition value_0 (a : series) : Q := match a with [] => 0#1 | c :: _ => c end.

(* Layers whose entries are series. *)
Record slayer := SLayer { sweights : list (list series); sbias : option (list series) }.

Definition sdot (zero : series) (w x : list series) : series := fold sadd zero (tzip smul w x).
Definition saffine (zero : series) (l : slayer) (x : list series) : list series :=
  let z := tmap (fun w => sdot zero w x) (sweights l) in
  match sbias l with None => z | Some b => tzip sadd z b end.
Definition slope_towards (h : pieces) (a : series) : Q :=
  let p := place_of h (Qnum (value_0 a)) (Qden (value_0 a)) in
  Qmake (fst (match lead_sign (rest_of a) with Lt => left_line p | _ => right_line p end)) (unit_of h).
Definition value_at (h : pieces) (c : Q) : Q :=
  Qmake (value_on (right_line (place_of h (Qnum c) (Qden c))) (Qnum c) (Qden c)) (unit_of h * Qden c).
Definition sactivate (h : pieces) (a : series) : series :=
  match a with [] => [] | c :: r => value_at h c :: sscale (slope_towards h a) r end.
Fixpoint sforward (h : pieces) (zero : series) (ls : list slayer) (x : list series) : list series :=
  match ls with
  | [] => x
  | l :: rest =>
      match rest with [] => saffine zero l x | _ => sforward h zero rest (tmap (sactivate h) (saffine zero l x)) end
  end.

(* ---- The loss ---- *)
Fixpoint piece_towards (q : quadratic) (ks : list (Q * quadratic)) (u : Q) (side : comparison) : quadratic :=
  match ks with
  | [] => q
  | (t, q') :: rest =>
      if qltb u t then q else if qeqb u t then (match side with Gt => q' | _ => q end) else piece_towards q' rest u side
  end.
Definition svalue (zero : series) (q : quadratic) (a : series) : series :=
  let '(c0, c1, c2) := q in sadd (constant_series zero c0) (smul a (sadd (constant_series zero c1) (sscale c2 a))).
Definition sloss (zero : series) (l : loss) (a : series) : series :=
  svalue zero (piece_towards (first_piece l) (more_pieces l) (value_0 a) (lead_sign (rest_of a))) a.

Definition sgap (zero : series) (g : Network.gap) (right a : series) (b : Q) : option series :=
  match g with
  | Network.Difference => Some (sadd a (constant_series zero (qopp b)))
  | Network.Margin => Some (sscale b a)
  | Network.Classes => if qeqb b 1 then None else Some (sadd a (sscale (-1#1) right))
  end.
Definition sterm (zero : series) (l : loss) (right : series) (acc : series) (ab : series * Q) : series :=
  match sgap zero (gap_of l) right (fst ab) (snd ab) with None => acc | Some u => sadd acc (sloss zero l u) end.
Definition ssample (h : pieces) (zero : series) (p : problem) (ls : list slayer) (acc : series) (s : sample) : series :=
  let f := sforward h zero ls (tmap (constant_series zero) (inputs s)) in
  let right := fold sadd zero (tzip (fun a b => sscale b a) f (targets s)) in
  sadd acc (sscale (weight s) (fold (sterm zero (loss_on p) right) zero (tzip pair f (targets s)))).
Definition srisk (h : pieces) (zero : series) (p : problem) (ls : list slayer) : series :=
  sscale (scale p) (fold (ssample h zero p ls) zero (data p)).

(* ---- The curve: the point, then the coefficients of t, t^2, ... ---- *)
(* Coefficients cut off, or followed by zeros, to the length of `zero`. *)
Fixpoint fit_series (zero : series) (a : list Q) : series :=
  match zero with [] => [] | z :: zero' => match a with [] => zero | c :: a' => c :: fit_series zero' a' end end.
Definition add_entry (c : Q) (a : list Q) : list Q := c :: a.
Definition add_layer (l : layer) (s : slayer) : slayer :=
  SLayer (tzip (tzip add_entry) (weights l) (sweights s))
         (match bias l, sbias s with Some b, Some c => Some (tzip add_entry b c) | _, _ => None end).
Definition empty_layer (l : layer) : slayer :=
  SLayer (tmap (tmap (fun _ => [])) (weights l)) (match bias l with None => None | Some b => Some (tmap (fun _ => []) b) end).
(* All coefficients of the entries, for the point and the curve's coefficients in this order. *)
Definition curve_of (ls : list layer) (cs : list (list layer)) : list slayer :=
  fold (fun ss c => tzip add_layer c ss) (tmap empty_layer ls) (rev_onto (ls :: cs) []).
Definition fit_layer (zero : series) (s : slayer) : slayer :=
  SLayer (tmap (tmap (fit_series zero)) (sweights s)) (match sbias s with None => None | Some b => Some (tmap (fit_series zero) b) end).

Fixpoint zeros (n : nat) : series := match n with O => [] | S n' => (0#1)%Q :: zeros n' end.
Fixpoint nat_of (fuel : nat) (n : Z) : nat := match fuel with O => O | S f => if n <=? 0 then O else S (nat_of f (n - 1)) end.

(* Zeros, and then one number, which is negative; it. *)
Fixpoint first_fall (l : list Q) : option Q :=
  match l with
  | [] => None
  | c :: r => match r with [] => if Qnum c <? 0 then Some c else None | _ => if Qnum c =? 0 then first_fall r else None end
  end.

(* The series of the risk up to the order begins with the risk at the point; then come zeros and a number < 0, the fall. *)
Definition curve_fall (p : problem) (ls : list layer) (cs : list (list layer)) (order : Z) (risk0 : Q) : option Q :=
  let zero := zeros (S (nat_of 100 order)) in
  let r := srisk (compile (activation_of p)) zero p (tmap (fit_layer zero) (curve_of ls cs)) in
  if qeqb (value_0 r) risk0 then first_fall (rest_of r) else None.
Definition check_curve (p : problem) (ls : list layer) (cs : list (list layer)) (order : Z) (risk0 stated : Q) : bool :=
  match curve_fall p ls cs order risk0 with None => false | Some c => qeqb c stated end.
