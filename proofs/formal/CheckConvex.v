(* The executable checker of the rule `convex cells` (FORMAT.md, section 4.4). *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate CheckUnitwise CheckDeadUnit.
Import ListNotations.
Open Scope Z_scope.

(* In trees of this rule unit j at sample i of n has the name j n + i, and the output weight of unit j the name -(j + 1). *)
Definition weight_name (j : Z) : Z := - (j + 1).
Record leaf := Leaf { lambdas : named Q; kinks : named Q; unsplit : named Q; positive_units : list Z }.
Definition is_positive (lf : leaf) (j : Z) : bool := some (Z.eqb j) (positive_units lf).

Fixpoint indices_onto {A} (i : Z) (l : list A) (acc : list Z) : list Z :=
  match l with [] => rev_onto acc [] | _ :: l' => indices_onto (i + 1) l' (i :: acc) end.
Definition indices {A} (l : list A) : list Z := indices_onto 0 l [].

(* A unit at the samples: their places, and the values there as integers. *)
Record unit_at := UnitAt { unit_places : list place; unit_values : list Z }.
Definition unit_for (h : pieces) (t : table) (w : list Q) : unit_at :=
  let u := make_unit (snd t) w 0 in
  let zs := tmap (zdot (constant u) (factors u)) (fst t) in let ps := tmap (fun z => place_of h z (denominator u)) zs in
  UnitAt ps (tzip (fun z p => value_on (right_line p) z (denominator u)) zs ps).

Record cells := Cells { samples : Z; inputs_at : list (list Z); wholes_at : list (list Z); units : list unit_at; output_weights : list Q; slope_unit : positive }.

(* A boundary pair. *)
Definition is_boundary (row : list Z) (p : place) : bool := negb (fst (left_line p) =? fst (right_line p)) &&& negb (is_zero row).
Definition is_dead (v : Q) : bool := Qnum v =? 0.
Definition is_split (c : cells) (name : Z) : bool :=
  if name <? 0 then match pick (- name - 1) (output_weights c) with Some v => is_dead v | None => false end
  else match pick (name / samples c) (units c), pick (name mod samples c) (inputs_at c) with
       | Some u, Some row => match pick (name mod samples c) (unit_places u) with Some p => is_boundary row p | None => false end
       | _, _ => false
       end.

(* v r a, with the sign on the way in the place of v = 0. *)
Definition term_slope (c : cells) (factor v : Q) (r a : Z) : Q := qmul v (Qmake (Qnum factor * (r * a)) (Qden factor * slope_unit c)).
(* What the sample contributes to the gradient of the Lagrangian, times its inputs; None if a condition is violated. *)
Definition coefficient (c : cells) (ss : signs) (lf : leaf) (factor v : Q) (j : Z) (it : Z * (list Z * (place * Z))) : option Q :=
  let '(i, (row, (p, r))) := it in
  let name := j * samples c + i in
  let right := term_slope c factor v r (fst (right_line p)) in
  if negb (is_boundary row p) then Some right
  else
    match find name ss with
    | Some tau =>
        let own := if tau then right else term_slope c factor v r (fst (left_line p)) in
        match find name (lambdas lf) with
        | None => Some own
        | Some l => if qleb 0 l then Some (qadd own (if tau then qopp l else l)) else None
        end
    | None =>
        match find name (unsplit lf) with
        | None => if r =? 0 then Some (0#1)%Q else None
        | Some m =>
            if qleb 0 m &&& qleb m (term_slope c factor v r (fst (right_line p) - fst (left_line p))) then Some (qadd right (qopp m)) else None
        end
    end.

Definition items_of (c : cells) (u : unit_at) (rs : list Z) : list (Z * (list Z * (place * Z))) :=
  tzip pair (indices (inputs_at c)) (tzip pair (inputs_at c) (tzip pair (unit_places u) rs)).
Definition zero_like (rows : list (list Z)) : list Q := match rows with [] => [] | row :: _ => tmap (fun _ => 0%Q) row end.
Definition is_still (c : cells) (ss : signs) (lf : leaf) (factor v : Q) (rs : list Z) (j : Z) (u : unit_at) : bool :=
  match collect (coefficient c ss lf factor v j) (items_of c u rs) with
  | None => false
  | Some qs => is_zero (fst (combination (zero_like (wholes_at c)) (tzip pair (wholes_at c) qs)))
  end.
Definition check_unit_at (c : cells) (ss : signs) (lf : leaf) (factor v : Q) (rs : list Z) (j : Z) (u : unit_at) : bool :=
  let s := zdot 0 rs (unit_values u) in
  if is_dead v then
    match find (weight_name j) ss with
    | None => false
    | Some tau =>
        if is_positive lf j then (if tau then 0 <? s else s <? 0)
        else (if tau then 0 <=? s else s <=? 0) &&& is_still c ss lf factor (if tau then 1#1 else -1#1)%Q rs j u
    end
  else (s =? 0) &&& is_still c ss lf factor v rs j u.
Fixpoint check_units_at (c : cells) (ss : signs) (lf : leaf) (factor : Q) (rs : list Z) (j : Z) (us : list unit_at) (vs : list Q) : bool :=
  match us, vs with
  | [], [] => true
  | u :: us', v :: vs' => check_unit_at c ss lf factor v rs j u &&& check_units_at c ss lf factor rs (j + 1) us' vs'
  | _, _ => false
  end.

(* A cone without a direction: for every unit, sum lambda tau x = 0. *)
Definition part_of (c : cells) (ss : signs) (j : Z) (la : named Q) : option (list (list Z * Q)) :=
  collect (fun nl => match pick (fst nl mod samples c) (wholes_at c) with Some row => Some (row, signed (find (fst nl) ss) (snd nl)) | None => None end)
          (tfilter (fun nl => fst nl / samples c =? j) la).
Definition is_empty_at (c : cells) (ss : signs) (la : named Q) (j : Z) : bool :=
  match part_of c ss j la with None => false | Some l => is_zero (fst (combination (zero_like (wholes_at c)) l)) end.
(* No name twice in a list of no more names than there can be, which is asked first. *)
Definition differ {A} (most : Z) (l : named A) : bool := (count l <=? most) &&& negb (twice l).
Definition is_empty_cone (c : cells) (ss : signs) (la : named Q) : bool :=
  differ (count ss) la &&& all (fun nl => (0 <=? fst nl) &&& mem (fst nl) ss &&& qleb 0 (snd nl)) la &&& some (fun nl => qltb 0 (snd nl)) la
  &&& all (fun nl => is_empty_at c ss la (fst nl / samples c)) la.

(* ---- The subgradient of a leaf: the slope of the loss, or what is listed, or 0 ---- *)
Definition slope_row (t : fit) (s : Q) (listed : named Q) (g : Network.gap) (i : Z) (row : fit_row) : list Q :=
  let ls := fit_loss t in
  if some (is_kink ls) (row_gaps row) then [match find i listed with Some r => r | None => (0#1)%Q end]
  else tmap (fun n => Qmake (Qnum s * (row_weight row * n)) (Qden s * (weight_unit t * (loss_unit ls * gap_unit ls))))
            (spread g (Zpos (gap_unit ls)) (tmap (smooth_slope ls) (row_gaps row)) (row_targets row)).
Definition leaf_subgradient (p : problem) (t : fit) (lf : leaf) : option subgradient :=
  let g := gap_of (loss_on p) in
  let given := if has_kinks t then Some (tzip (slope_row t (scale p) (kinks lf) g) (indices (fit_rows t)) (fit_rows t)) else None in
  subgradient_of g (scale p) t given.

(* ---- What the format asks of the lists of a leaf, beyond what the proof needs ---- *)
Definition boundary_names (c : cells) (lf : leaf) : list (list (Z * bool)) :=
  tzip (fun j u => tzip (fun i rp => (j * samples c + i, is_boundary (fst rp) (snd rp) &&& negb (is_positive lf j))) (indices (inputs_at c)) (tzip pair (inputs_at c) (unit_places u)))
       (indices (units c)) (units c).
(* Whether each sample takes part: all its boundary pairs were split or are listed, or are of positive units. *)
Definition participants (c : cells) (ss : signs) (lf : leaf) : list bool :=
  fold (fun acc u => tzip (fun a (nb : Z * bool) => a &&& (negb (snd nb) ||| mem (fst nb) ss ||| mem (fst nb) (unsplit lf))) acc u)
       (tmap (fun _ => true) (inputs_at c)) (boundary_names c lf).
Definition takes_part (c : cells) (parts : list bool) (name : Z) : bool :=
  (0 <=? name) &&& match pick (name mod samples c) parts with Some b => b | None => false end.
Definition lists_fit (c : cells) (t : fit) (ss : signs) (lf : leaf) (rs : list Z) : bool :=
  let parts := participants c ss lf in
  differ (count ss) (lambdas lf) &&& all (fun nl => mem (fst nl) ss &&& takes_part c parts (fst nl) &&& qltb 0 (snd nl)) (lambdas lf)
  &&& differ (samples c * count (units c)) (unsplit lf) &&& all (fun nm => negb (mem (fst nm) ss) &&& is_split c (fst nm) &&& negb (is_positive lf (fst nm / samples c)) &&& takes_part c parts (fst nm)) (unsplit lf)
  &&& differ (samples c) (kinks lf) &&& differ (count (units c)) (tmap (fun j => (j, j)) (positive_units lf))
  &&& all (fun j => is_split c (weight_name j)) (positive_units lf)
  &&& all (fun nr => match pick (fst nr) parts, pick (fst nr) (fit_rows t) with
                     | Some b, Some row => b &&& some (is_kink (fit_loss t)) (row_gaps row) | _, _ => false end) (kinks lf)
  &&& all (fun x : bool => x)
        (tzip (fun i (x : bool * (fit_row * Z)) =>
                 if fst x then negb (some (is_kink (fit_loss t)) (row_gaps (fst (snd x)))) ||| mem i (kinks lf) else snd (snd x) =? 0)
              (indices parts) (tzip pair parts (tzip pair (fit_rows t) rs))).

Definition check_leaf (p : problem) (c : cells) (t : fit) (b2 : bool) (ss : signs) (lf : leaf) : bool :=
  let numbers := [tmap snd (lambdas lf); tmap snd (kinks lf); tmap snd (unsplit lf)] in
  match (if is_short_table numbers then leaf_subgradient p t lf else None) with
  | Some r =>
      let rs := tmap first_of (r_rows r) in
      (if b2 then zsum rs =? 0 else true) &&& lists_fit c t ss lf rs
      &&& check_units_at c ss lf (r_factor r) rs 0 (units c) (output_weights c)
  | None => false
  end.

Definition has_bias (l : layer) : bool := match bias l with None => false | Some _ => true end.
Definition check_convex_cells (p : problem) (h : pieces) (ls : list layer) (x : table) (t : fit) (nodes : list (node leaf)) : bool :=
  match ls with
  | [l1; l2] =>
      match weights l2 with
      | [v] =>
          let t1 := extend (has_bias l1) x in let d := fold common 1%positive (snd t1) in
          let c := Cells (count (fst t1)) (fst t1) (tmap (rescale d (snd t1)) (fst t1)) (tmap (unit_for h t1) (extended_rows l1)) v (unit_of h) in
          walk (is_split c) (check_leaf p c t (has_bias l2)) (is_empty_cone c) 0 [(0, [])] nodes
      | _ => false
      end
  | _ => false
  end.
