(* The executable checker of the rule `dead unit` (FORMAT.md, section 5). Its conditions are those of the format; that they
   prove anything is left to the checker of curves: the unit moves along `delta`, and its output weight to the side on which
   the risk falls, to first order if the unit's sum is not 0 where it is, else to second order. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate CheckUnitwise CheckCurve.
Import ListNotations.
Open Scope Z_scope.

Fixpoint pick {A} (i : Z) (l : list A) : option A := match l with [] => None | a :: l' => if i =? 0 then Some a else pick (i - 1) l' end.
Definition put {A} (i : Z) (v : A) (l : list A) : list A :=
  rev_onto (snd (fold (fun st a => let '(n, acc) := st in (n + 1, (if n =? i then v else a) :: acc)) (0, []) l)) [].

(* Of the same sizes, with biases in the same layers. *)
Definition same_sizes (l c : layer) : bool :=
  (count (weights l) =? count (weights c)) &&& all (fun x : bool => x) (tzip (fun u v => count u =? count v) (weights l) (weights c))
  &&& match bias l, bias c with None, None => true | Some u, Some v => count u =? count v | _, _ => false end.
Definition all_same_sizes (ls cs : list layer) : bool := (count ls =? count cs) &&& all (fun x : bool => x) (tzip same_sizes ls cs).

Definition zero_layer (l : layer) : layer :=
  Layer (tmap (tmap (fun _ => 0#1)%Q) (weights l)) (match bias l with None => None | Some b => Some (tmap (fun _ => 0#1)%Q b) end).
(* The row of a unit in a layer of zeros: weights, and the bias if there is one behind them. *)
Definition with_row (j : Z) (delta : list Q) (l : layer) : layer :=
  let back := rev_onto delta [] in
  match bias l with
  | None => Layer (put j delta (weights l)) None
  | Some b => match back with c :: front => Layer (put j (rev_onto front []) (weights l)) (Some (put j c b)) | [] => l end
  end.
Definition with_entry (k j : Z) (v : Q) (l : layer) : layer :=
  match pick k (weights l) with None => l | Some row => Layer (put k (put j v row) (weights l)) (bias l) end.

Definition sign_of (q : Q) : Q := if Qnum q <? 0 then -1#1 else 1#1.

(* The sum of r h(w x) over the samples, and its one-sided derivative along delta. *)
Definition dead_sums (h : pieces) (t : table) (rs : list Z) (factor : Q) (w delta : list Q) : Q * Q :=
  let u := make_unit (snd t) w 0 in let v := make_unit (snd t) delta 0 in
  let zs := tmap (zdot (constant u) (factors u)) (fst t) in let ds := tmap (zdot (constant v) (factors v)) (fst t) in
  let ps := tmap (fun z => place_of h z (denominator u)) zs in
  let moves := tzip (fun p d => d * fst (if 0 <? d then right_line p else left_line p)) ps ds in
  (Qmake (Qnum factor * zdot 0 rs (tzip (fun z p => value_on (right_line p) z (denominator u)) zs ps)) (Qden factor * (unit_of h * denominator u)),
   Qmake (Qnum factor * zdot 0 rs moves) (Qden factor * (unit_of h * denominator v))).

Definition check_dead_unit (p : problem) (h : pieces) (ls : list layer) (x : table) (r : subgradient) (j k : Z) (delta : list Q) (risk0 stated : Q) : bool :=
  match ls with
  | [l1; l2] =>
      match pick j (extended_rows l1) with
      | None => false
      | Some w =>
          all (fun row => match pick j row with Some v => Qnum v =? 0 | None => false end) (weights l2)
          &&& (k <? count (weights l2)) &&& (count delta =? count w)
          &&& let t := extend (match bias l1 with None => false | Some _ => true end) x in
              let rk := tmap (fun row => match pick k row with Some n => n | None => 0 end) (r_rows r) in
              let '(value, derivative) := dead_sums h t rk (r_factor r) w delta in
              let moved := with_row j delta (zero_layer l1) in
              let still := zero_layer l1 in
              let kept := zero_layer l2 in
              let cs := if Qnum value =? 0 then [[moved; kept]; [still; with_entry k j (qopp (sign_of derivative)) kept]]
                        else [[moved; with_entry k j (qopp (sign_of value)) kept]] in
              qeqb derivative stated &&& negb (Qnum stated =? 0) &&& all (all_same_sizes ls) cs
              &&& match curve_fall p ls cs (if Qnum value =? 0 then 3 else 1) risk0 with Some _ => true | None => false end
      end
  | _ => false
  end.
