(* The executable checker of the claim `path` (FORMAT.md, section 8): one hidden layer, one output. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate.
Import ListNotations.
Open Scope Z_scope.

(* The hidden units of a point: weights, bias (0 if there is none) and output weight. *)
Record unit_end := UnitEnd { own_weights : list Q; own_bias : Q; output_weight : Q }.
Definition biases_of (l : layer) : list Q := match bias l with None => tmap (fun _ => 0%Q) (weights l) | Some b => b end.
Definition units_of (l1 : layer) (vs : list Q) : list unit_end :=
  tzip (fun wb v => UnitEnd (fst wb) (snd wb) v) (tzip pair (weights l1) (biases_of l1)) vs.

(* A unit moves if its weights change and it counts at one end at least; then it must count at both, with one sign. *)
Fixpoint same_numbers (u v : list Q) : bool :=
  match u, v with [], [] => true | a :: u', b :: v' => qeqb a b &&& same_numbers u' v' | _, _ => false end.
Definition is_off (v : Q) : bool := Qnum v =? 0.
Definition moves (a b : unit_end) : bool :=
  negb (is_off (output_weight a) &&& is_off (output_weight b)
        ||| qeqb (own_bias a) (own_bias b) &&& same_numbers (own_weights a) (own_weights b)).
Definition one_sign (v v' : Q) : bool := qltb 0 v &&& qltb 0 v' ||| qltb v 0 &&& qltb v' 0.
Fixpoint may_move (us us' : list unit_end) : bool :=
  match us, us' with
  | a :: us0, b :: us0' => (negb (moves a b) ||| one_sign (output_weight a) (output_weight b)) &&& may_move us0 us0'
  | _, _ => true
  end.

(* No breakpoint lies strictly between z/d and z'/d'. *)
Definition side (z : Z) (d : positive) (t : Q) : Z := z * Zpos (Qden t) - Qnum t * Zpos d.
Definition not_between (z : Z) (d : positive) (z' : Z) (d' : positive) (t : Q) : bool :=
  let a := side z d t in let b := side z' d' t in
  if a <? 0 then b <=? 0 else if 0 <? a then 0 <=? b else true.

(* On one sample the units that move stay in one piece. *)
Fixpoint row_stays (ts : list Q) (ms : list bool) (row : list Z) (ds : list positive) (row' : list Z) (ds' : list positive) : bool :=
  match ms, row, ds, row', ds' with
  | m :: ms0, z :: row0, d :: ds0, z' :: row0', d' :: ds0' =>
      (negb m ||| all (not_between z d z' d') ts) &&& row_stays ts ms0 row0 ds0 row0' ds0'
  | _, _, _, _, _ => true
  end.
Fixpoint rows_stay (ts : list Q) (ms : list bool) (rows : list (list Z)) (ds : list positive) (rows' : list (list Z)) (ds' : list positive) : bool :=
  match rows, rows' with
  | row :: rows0, row' :: rows0' => row_stays ts ms row ds row' ds' &&& rows_stay ts ms rows0 ds rows0' ds'
  | _, _ => true
  end.

(* What the hidden layer reads. *)
Definition hidden (x : table) (l : layer) : table :=
  let us := make_units (snd x) l in (tmap (read_row us) (fst x), tmap denominator us).

Definition check_step (ts : list Q) (x : table) (ls ls' : list layer) : bool :=
  match ls, ls' with
  | [l1; l2], [l1'; l2'] =>
      match weights l2, weights l2' with
      | [vs], [vs'] =>
          let us := units_of l1 vs in let us' := units_of l1' vs' in
          may_move us us'
          &&& let a := hidden x l1 in let b := hidden x l1' in
              rows_stay ts (tzip moves us us') (fst a) (snd a) (fst b) (snd b)
      | _, _ => false
      end
  | _, _ => false
  end.
Fixpoint check_steps (ts : list Q) (x : table) (ls : list layer) (rest : list (list layer)) : bool :=
  match rest with [] => true | ls' :: rest' => check_step ts x ls ls' &&& check_steps ts x ls' rest' end.

(* The networks of section 7: one hidden layer, one output, at least one breakpoint. *)
Definition one_hidden_layer (p : problem) : bool :=
  match widths p with [_; _; m] => (m =? 1) &&& negb (count (bends (activation_of p)) =? 0) | _ => false end.
