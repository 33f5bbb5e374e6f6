(* The executable checker of a lower bound of the risk at all parameters: dual vectors, a tree of regions of the hidden
   units, and proofs that a dual vector holds on a region of one unit (FORMAT.md, sections 7, 14, 18 and 25). *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Network.
From Exactsurf Require Import Lists Numbers Evaluate CheckUnitwise CheckDeadUnit.
Import ListNotations.
Open Scope Z_scope.

(* ---- Trees as lists of nodes: what is open at a node, and what a node leaves open at its children ---- *)
Fixpoint new_children {A} (i : Z) (cs others : named A) : option (named A) :=
  match cs with
  | [] => Some others
  | (n, a) :: cs' => if (i <? n) &&& negb (mem n others) then new_children i cs' ((n, a) :: others) else None
  end.
Fixpoint visit {A N} (step : A -> N -> option (named A)) (i : Z) (pending : named A) (nodes : list N) : bool :=
  match nodes with
  | [] => is_nil pending
  | nd :: rest =>
      match take_from i pending [] with
      | None => false
      | Some (a, others) =>
          match step a nd with
          | None => false
          | Some cs => match new_children i cs others with None => false | Some open => visit step (i + 1) open rest end
          end
      end
  end.

(* ---- Walls, numbered sample by sample, and the sides of them that are required (None: no side) ---- *)
Inductive requirement := AtLeast | AtMost | OnWall.
Definition sides := list (option requirement).
Definition side_of (s : bool) : requirement := if s then AtLeast else AtMost.
Fixpoint side_from (n : Z) (s : bool) (ss passed : sides) : option sides :=
  match ss with
  | [] => None
  | o :: rest =>
      if n =? 0 then match o with None => Some (rev_onto passed (Some (side_of s) :: rest)) | Some _ => None end
      else side_from (n - 1) s rest (o :: passed)
  end.
Definition with_side (n : Z) (s : bool) (ss : sides) : option sides := side_from n s ss [].
Definition same_side (a b : option requirement) : bool :=
  match a, b with
  | None, None => true
  | Some AtLeast, Some AtLeast => true
  | Some AtMost, Some AtMost => true
  | Some OnWall, Some OnWall => true
  | _, _ => false
  end.
Fixpoint same_sides (u v : sides) : bool :=
  match u, v with [], [] => true | a :: u', b :: v' => same_side a b &&& same_sides u' v' | _, _ => false end.
(* Whether the requirements of the second list imply those of the first. *)
Definition implies (b a : option requirement) : bool :=
  match a, b with None, _ => true | _, Some OnWall => true | _, _ => same_side a b end.
Fixpoint within (u v : sides) : bool :=
  match u, v with
  | [], [] => true
  | a :: u', b :: v' => implies b a &&& within u' v'
  | _, _ => false
  end.

(* The activation as a line and bends: h(z) = origin + first_slope z + the sum of delta max(0, z - t). *)
Definition turns (h : activation) : list (Q * Q) :=
  rev_onto (snd (fold (fun st ta => let '(before, found) := st in (snd ta, (fst ta, qadd (snd ta) (qopp before)) :: found)) (first_slope h, []) (bends h))) [].
Definition origin (h : activation) : Q :=
  fold (fun c td => if qltb (fst td) 0 then qadd c (qmul (snd td) (fst td)) else c) (value_at_0 h) (turns h).

Definition qdiv (x y : Q) : Q := quotient (Qnum x * Zpos (Qden y)) (Zpos (Qden x) * Qnum y).
Definition tflat {A B} (f : A -> list B) (l : list A) : list B := rev_onto (fold (fun acc a => rev_onto (f a) acc) [] l) [].

(* `columns_at`: those of the rows of all samples, and behind them of the rows of all walls; `heights`: 0 for every sample, and
   the breakpoints of all walls, over `height_unit`. *)
Record walls := Walls { turns_at : list (Q * Q); columns_at : list (list Z); heights : list Z; height_unit : positive; cuttable : list bool }.
Definition walls_of (h : activation) (t : table) : walls :=
  let ks := turns h in
  let '(ts, d) := align (tmap fst ks) in
  Walls ks (transpose (rev_onto (rev_onto (fst t) []) (tflat (fun row => tmap (fun _ => row) ks) (fst t))))
        (rev_onto (rev_onto (tmap (fun _ => 0) (fst t)) []) (tflat (fun _ => ts) (fst t))) d
        (tflat (fun row => tmap (fun _ => negb (is_zero row)) ks) (fst t)).

(* ---- Lines g u below c max(0, u), on the side of u that is required ---- *)
Definition is_line (c : Q) (s : option requirement) (g : Q) : bool :=
  match s with Some AtLeast => qleb g c | Some AtMost => qleb 0 g | Some OnWall => true | None => qleb 0 g &&& qleb g c end.
Definition usual_line (c : Q) (s : option requirement) : Q := match s with Some AtLeast => c | _ => 0 end.
(* One for every wall: the listed one, or the usual one. *)
Fixpoint lines_onto (i : Z) (cs : list Q) (ss : sides) (given : named Q) (acc : list Q) : option (list Q) :=
  match cs, ss with
  | [], [] => if is_nil given then Some (rev_onto acc []) else None
  | c :: cs', s :: ss' =>
      let '(g, later) := match given with
                        | (n, q) :: rest => if n =? i then (q, rest) else (usual_line c s, given)
                        | [] => (usual_line c s, [])
                        end in
      if is_line c s g then lines_onto (i + 1) cs' ss' later (g :: acc) else None
  | _, _ => None
  end.
Definition lines (cs : list Q) (ss : sides) (given : named Q) : option (list Q) := lines_onto 0 cs ss given [].

(* The sum of a times (the row of a sample) . w and of g times ((the row of a wall) . w - t), if it is the same for all w. *)
Definition constant_of (k : walls) (a g : list Q) : option Q :=
  let '(ms, d) := align (rev_onto (rev_onto a []) g) in
  if all (fun col => zdot 0 ms col =? 0) (columns_at k) then Some (Qmake (- zdot 0 ms (heights k)) (d * height_unit k)) else None.

(* ---- A form of one unit: the sum of q h(row . w), which is not negative where the sides are as required ---- *)
Inductive step := Halve (wall plus minus : Z) | Follows (wall : Z) (slopes : named Q) (next : Z) | Void (slopes : named Q) | Holds (slopes : named Q).
Record linear := Linear { slopes_of : list Q; curvatures : list Q; level : Q }.
Definition linear_of (h : activation) (k : walls) (q : list Q) : linear :=
  Linear (tmap (qmul (first_slope h)) q) (tflat (fun a => tmap (fun td => qmul a (snd td)) (turns_at k)) q)
         (qmul (origin h) (fold qadd 0%Q q)).
Definition zeros {A} (l : list A) : list Q := tmap (fun _ => 0%Q) l.
Definition constant_at (k : walls) (a c : list Q) (ss : sides) (given : named Q) : option (list Q * Q) :=
  match lines c ss given with None => None | Some g => match constant_of k a g with None => None | Some m => Some (g, m) end end.

Definition take_step (k : walls) (f : linear) (ss : sides) (nd : step) : option (named sides) :=
  match nd with
  | Halve n p m => match with_side n true ss, with_side n false ss with Some a, Some b => Some [(p, a); (m, b)] | _, _ => None end
  | Holds given =>
      match constant_at k (slopes_of f) (curvatures f) ss given with
      | Some (_, m) => if qleb 0 (qadd (level f) m) then Some [] else None
      | None => None
      end
  | Void given =>
      match constant_at k (zeros (slopes_of f)) (zeros (curvatures f)) ss given with
      | Some (_, m) => if qltb 0 m then Some [] else None
      | None => None
      end
  | Follows n given next =>
      let s := match find n given with Some q => qltb 0 q | None => true end in
      match with_side n s ss, with_side n (negb s) ss with
      | Some a, Some b =>
          match constant_at k (zeros (slopes_of f)) (zeros (curvatures f)) b given with
          | Some (g, m) => if qleb 0 m &&& match pick n g with Some q => negb (qeqb q 0) | None => false end then Some [(next, a)] else None
          | None => None
          end
      | _, _ => None
      end
  end.

(* That dual vector `dual_of`, times 1 or -1, is not negative on the region. *)
Record form := Form { dual_of : Z; positive_sign : bool; region_of : sides; steps : list step }.
Definition check_form (h : activation) (k : walls) (duals : list (list Q)) (f : form) : bool :=
  match pick (dual_of f) duals with
  | None => false
  | Some r => visit (take_step k (linear_of h k (if positive_sign f then r else tmap qopp r))) 0 [(0, region_of f)] (steps f)
  end.

(* ---- Dual vectors ---- *)

(* Where the loss has the slope s; what is found is checked. *)
Fixpoint place_of_slope (q : quadratic) (ks : list (Q * quadratic)) (s : Q) : Q :=
  let inside := let '(_, c1, c2) := q in qdiv (qadd s (qopp c1)) (qadd c2 c2) in
  match ks with
  | [] => inside
  | (t, q') :: rest => if qltb s (qslope q t) then inside else if qleb s (qslope q' t) then t else place_of_slope q' rest s
  end.
Fixpoint has_slope (q : quadratic) (ks : list (Q * quadratic)) (u s : Q) : bool :=
  match ks with
  | [] => qeqb s (qslope q u)
  | (t, q') :: rest =>
      if qltb u t then qeqb s (qslope q u)
      else if qeqb u t then qleb (qslope q t) s &&& qleb s (qslope q' t)
      else has_slope q' rest u s
  end.
Fixpoint value_at (q : quadratic) (ks : list (Q * quadratic)) (u : Q) : Q :=
  match ks with [] => qvalue q u | (t, q') :: rest => if qleb u t then qvalue q u else value_at q' rest u end.

(* The least value of (loss of a sample with weight c) - r f over all predictions f. *)
Definition sample_bound (l : loss) (c y r : Q) : option Q :=
  let sigma := match gap_of l with Network.Margin => if qltb y 0 then qopp r else r | _ => r end in
  let s := qdiv sigma c in
  let u := place_of_slope (first_piece l) (more_pieces l) s in
  if has_slope (first_piece l) (more_pieces l) u s then
    let b := qadd (qmul c (value_at (first_piece l) (more_pieces l) u)) (qopp (qmul sigma u)) in
    match gap_of l with
    | Network.Difference => Some (qadd b (qopp (qmul r y)))
    | Network.Margin => Some b
    | Network.Classes => None
    end
  else None.
Definition add_bound (p : problem) (acc : option Q) (sr : sample * Q) : option Q :=
  match acc, targets (fst sr) with
  | Some b, [y] => match sample_bound (loss_on p) (qmul (scale p) (weight (fst sr))) y (snd sr) with Some c => Some (qadd b c) | None => None end
  | _, _ => None
  end.
Definition check_dual (p : problem) (b2 : bool) (bound : Q) (r : list Q) : bool :=
  (count r =? count (data p)) &&& (if b2 then qeqb (fold qadd 0%Q r) 0 else true)
  &&& match fold (add_bound p) (Some 0%Q) (tzip pair (data p) r) with Some b => qleb bound b | None => false end.

(* ---- The tree of the regions of all units ---- *)
Record region := Region { sign : option requirement; required : sides }.
Definition same_region (a b : region) : bool := same_side (sign a) (sign b) &&& same_sides (required a) (required b).
Inductive tree_node := Cut (unit : Z) (wall : option Z) (plus minus : Z) | Bounded (dual : Z) (forms : list (list Z)).

Definition cut (wall : option Z) (s : bool) (a : region) : option region :=
  match wall with
  | None => match sign a with None => Some (Region (Some (side_of s)) (required a)) | Some _ => None end
  | Some n => match with_side n s (required a) with Some ss => Some (Region (sign a) ss) | None => None end
  end.
Fixpoint replace_from {A} (n : Z) (a : A) (l passed : list A) : list A :=
  match l with [] => rev_onto passed [] | b :: l' => if n =? 0 then rev_onto passed (a :: l') else replace_from (n - 1) a l' (b :: passed) end.
Definition is_cuttable (k : walls) (wall : option Z) : bool :=
  match wall with None => true | Some n => match pick n (cuttable k) with Some b => b | None => false end end.

(* Some of the forms says it of this dual vector and this sign. *)
Definition says (forms : list form) (d : Z) (s : bool) (a : region) (n : Z) : bool :=
  match pick n forms with
  | Some f => (dual_of f =? d) &&& eqb (positive_sign f) s &&& within (region_of f) (required a)
  | None => false
  end.
Definition unit_bounded (forms : list form) (d : Z) (a : region) (ns : list Z) : bool :=
  (match sign a with Some AtMost => true | Some OnWall => true | _ => some (says forms d true a) ns end)
  &&& (match sign a with Some AtLeast => true | Some OnWall => true | _ => some (says forms d false a) ns end)
  &&& all (fun n => match pick n forms with Some _ => true | None => false end) ns.

Definition cut_step (k : walls) (duals : Z) (forms : list form) (regions : list region) (nd : tree_node) : option (named (list region)) :=
  match nd with
  | Cut j wall p m =>
      if is_cuttable k wall then
        match pick j regions with
        | None => None
        | Some a =>
            match cut wall true a, cut wall false a with
            | Some above, Some below =>
                Some [(p, replace_from j above regions []); (m, tmap (fun b => if same_region a b then below else b) regions)]
            | _, _ => None
            end
        end
      else None
  | Bounded d ns =>
      if (0 <=? d) &&& (d <? duals) &&& (count ns =? count regions) &&& all (fun x : bool => x) (tzip (unit_bounded forms d) regions ns) then Some [] else None
  end.

(* ---- The whole ---- *)
Record bound_evidence := BoundEvidence { dual_vectors : list (list Q); forms_of : list form; tree_of : list tree_node }.

(* What the first leaf lists, for every unit: a list as long as there are units, however wide a layer is said to be. *)
Fixpoint first_leaf (nodes : list tree_node) : option (list (list Z)) :=
  match nodes with [] => None | Bounded _ ns :: _ => Some ns | _ :: rest => first_leaf rest end.

Definition check_bound (p : problem) (bound : Q) (e : bound_evidence) : bool :=
  match widths p, biases p with
  | [_; m; one], [b1; b2] =>
      let t := extend b1 (table_of (tmap inputs (data p))) in
      let k := walls_of (activation_of p) t in
      let free := tflat (fun _ => tmap (fun _ => None) (turns_at k)) (fst t) in
      (one =? 1) &&& negb (is_nil (turns_at k)) &&& all (check_dual p b2 bound) (dual_vectors e)
      &&& all (fun f => has_length (count free) (region_of f) &&& check_form (activation_of p) k (dual_vectors e) f) (forms_of e)
      &&& match first_leaf (tree_of e) with
          | None => false
          | Some units =>
              has_length m units
              &&& visit (cut_step k (count (dual_vectors e)) (forms_of e)) 0 [(0, tmap (fun _ => Region None free) units)] (tree_of e)
          end
  | _, _ => false
  end.

(* ---- Whether the check is within reach. Nothing is proved about this. ---- *)
Definition slopes_in (nd : step) : list Q :=
  match nd with Halve _ _ _ => [] | Follows _ l _ => tmap snd l | Void l => tmap snd l | Holds l => tmap snd l end.
(* The bits of the longest numbers in one list and of its common denominator; None if that is too long. *)
Definition widest (st : option Z) (l : list Q) : option Z :=
  match st, fold (measure few_bits) (Some (1%positive, 0)) l with
  | Some most, Some (d, longest) => let n := Z.log2 (Zpos d) + longest in Some (if most <? n then n else most)
  | _, _ => None
  end.
(* How many nodes are open at all nodes together, in a list of nodes with this many children each. *)
Definition open_nodes (children : list Z) : Z := snd (fold (fun st c => let '(open, total) := st in (open + c - 1, total + open)) (1, 0) children).
Definition children_of_step (nd : step) : Z := match nd with Halve _ _ _ => 2 | Follows _ _ _ => 1 | Void _ => 0 | Holds _ => 0 end.
Definition children_of_node (nd : tree_node) : Z := match nd with Cut _ _ _ _ => 2 | Bounded _ _ => 0 end.
Definition most_open : Z := 2 ^ 22.
Definition most_walls : Z := 2 ^ 23.   (* looked up in regions *)
Definition forms_listed (acc : Z) (nd : tree_node) : Z := match nd with Cut _ _ _ _ => acc | Bounded _ ns => fold (fun a l => a + count l) acc ns end.
Definition bound_within_reach (p : problem) (e : bound_evidence) : bool :=
  let n := count (data p) in let k := count (bends (activation_of p)) in let m := n * (k + 1) in
  let total := fold (fun a f => a + 1 + count (steps f)) 1 (forms_of e) in
  let nodes := count (tree_of e) in let forms := count (forms_of e) in
  let units := match first_leaf (tree_of e) with Some l => count l | None => 0 end in
  match fold (fun st f => fold (fun st nd => widest st (slopes_in nd)) st (steps f)) (fold widest (Some 0) (dual_vectors e)) (forms_of e) with
  | None => false
  | Some bits =>
      within_reach_times (total + count (dual_vectors e)) p []
      &&& (total * m * (bits + 64) <=? most_comparisons) &&& (nodes * units * m <=? most_walls)
      &&& (fold forms_listed 0 (tree_of e) * (forms + m) <=? most_comparisons)
      &&& (fold (fun a f => a + open_nodes (tmap children_of_step (steps f))) (open_nodes (tmap children_of_node (tree_of e))) (forms_of e) <=? most_open)
  end.
