(* The executable checker of the rule `second order` (FORMAT.md, section 4.3), without tangents: polynomials in the
   parameters up to second order, the Lagrangian of a leaf, and whether a quadratic form is positive on a subspace. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Network.
From Exactsurf Require Import Lists Numbers Evaluate CheckUnitwise CheckCurve CheckConvex.
Import ListNotations.
Open Scope Z_scope.

(* ---- Linear forms and quadratic forms; zeros at the end may be left out ---- *)
Definition qplus (x y : Q) : Q := if Qnum x =? 0 then y else if Qnum y =? 0 then x else qadd x y.
Definition qtimes (x y : Q) : Q := if Qnum x =? 0 then 0#1 else if Qnum y =? 0 then 0#1 else qmul x y.
Definition qinverse (x : Q) : Q := if 0 <? Qnum x then Qmake (Zpos (Qden x)) (Z.to_pos (Qnum x)) else Qmake (- Zpos (Qden x)) (Z.to_pos (- Qnum x)).

Fixpoint vadd (u v : list Q) : list Q :=
  match u, v with [], _ => v | _, [] => u | a :: u', b :: v' => qplus a b :: vadd u' v' end.
Definition vscale (c : Q) (u : list Q) : list Q := if Qnum c =? 0 then [] else tmap (qtimes c) u.

(* Row by row: the first row has the products of the first variable with itself and those behind it. *)
Definition form := list (list Q).
Fixpoint fadd (f g : form) : form :=
  match f, g with [], _ => g | _, [] => f | u :: f', v :: g' => vadd u v :: fadd f' g' end.
Definition fscale (c : Q) (f : form) : form := if Qnum c =? 0 then [] else tmap (vscale c) f.
Definition vzero (v : list Q) : bool := all (fun q => Qnum q =? 0) v.
Fixpoint product (u v : list Q) : form :=
  match u, v with
  | a :: u', b :: v' =>
      (if (Qnum a =? 0) &&& (Qnum b =? 0) then [] else qtimes a b :: vadd (vscale a v') (vscale b u')) :: product u' v'
  | _, _ => []
  end.

(* Whether a form is positive on the space on which the linear forms `ws` vanish; `ps` has an entry for every variable. *)
Definition tail_of {A} (l : list A) : list A := match l with [] => [] | _ :: l' => l' end.
Definition head_of (l : list Q) : Q := match l with [] => 0#1 | a :: _ => a end.
Definition first_row (f : form) : list Q := match f with [] => [] | u :: _ => u end.
Fixpoint take_pivot (ws passed : list (list Q)) : option (list Q * list (list Q)) :=
  match ws with
  | [] => None
  | w :: ws' => if Qnum (head_of w) =? 0 then take_pivot ws' (w :: passed) else Some (w, rev_onto passed ws')
  end.
Fixpoint is_positive_on (ps : list Q) (ws : list (list Q)) (f : form) : bool :=
  match ps with
  | [] => true
  | _ :: ps' =>
      let a := head_of (first_row f) in let b := tail_of (first_row f) in let rest := tail_of f in
      match take_pivot ws [] with
      | Some (w, others) =>
          let m := vscale (qopp (qinverse (head_of w))) (tail_of w) in
          is_positive_on ps' (tmap (fun v => vadd (vscale (head_of v) m) (tail_of v)) others)
            (fadd rest (fadd (fscale a (product m m)) (product m b)))
      | None =>
          (0 <? Qnum a) &&& is_positive_on ps' (tmap tail_of ws) (fadd rest (fscale (qmul (-1#4) (qinverse a)) (product b b)))
      end
  end.

(* ---- Polynomials in the change of the parameters, cut off behind second order ---- *)
Record jet := Jet { constant_of : Q; linear : list Q; square : form }.
Definition jconstant (c : Q) : jet := Jet c [] [].
Definition jadd (a b : jet) : jet := Jet (qplus (constant_of a) (constant_of b)) (vadd (linear a) (linear b)) (fadd (square a) (square b)).
Definition jscale (c : Q) (a : jet) : jet := Jet (qtimes c (constant_of a)) (vscale c (linear a)) (fscale c (square a)).
Definition jmul (a b : jet) : jet :=
  Jet (qtimes (constant_of a) (constant_of b)) (vadd (vscale (constant_of a) (linear b)) (vscale (constant_of b) (linear a)))
      (fadd (fadd (fscale (constant_of a) (square b)) (fscale (constant_of b) (square a))) (product (linear a) (linear b))).

(* The layers, with a variable for every entry; `u` is the linear form of the next variable. *)
Record jlayer := JLayer { jweights : list (list jet); jbias : option (list jet) }.
Fixpoint row_jets (u : list Q) (row : list Q) : list jet * list Q :=
  match row with [] => ([], u) | q :: row' => let '(js, u') := row_jets ((0#1)%Q :: u) row' in (Jet q u [] :: js, u') end.
Fixpoint rows_jets (u : list Q) (rows : list (list Q)) : list (list jet) * list Q :=
  match rows with [] => ([], u) | row :: rows' => let '(js, u1) := row_jets u row in let '(jss, u2) := rows_jets u1 rows' in (js :: jss, u2) end.
Fixpoint layers_jets (u : list Q) (ls : list layer) : list jlayer :=
  match ls with
  | [] => []
  | l :: ls' =>
      let '(w, u1) := rows_jets u (weights l) in
      match bias l with
      | None => JLayer w None :: layers_jets u1 ls'
      | Some b => let '(c, u2) := row_jets u1 b in JLayer w (Some c) :: layers_jets u2 ls'
      end
  end.
Definition row_entries (l : layer) : list Q := fold (fun acc row => rev_onto row acc) (match bias l with None => [] | Some b => rev_onto b [] end) (weights l).
Definition entries_of (ls : list layer) : list Q := fold (fun acc l => rev_onto (row_entries l) acc) [] ls.

(* ---- A sample on the pieces that signs choose ---- *)
Definition pair_code (a b : Z) : Z := (a + b) * (a + b + 1) + 2 * b.
Definition boundary_name (l j i : Z) : Z := pair_code (pair_code l j) i.

(* What a layer reads, and whether that is the same at all nearby parameters. *)
Definition jreading := (jet * bool)%type.
Record wall := Wall { wall_name : Z; wall_layer : Z; wall_sign : bool; wall_jet : jet }.
Definition jdot (w : list jet) (x : list jreading) : jet := fold jadd (jconstant (0#1)) (tzip (fun a r => jmul a (fst r)) w x).
Definition jaffine (l : jlayer) (x : list jreading) : list jet :=
  let z := tmap (fun w => jdot w x) (jweights l) in match jbias l with None => z | Some b => tzip jadd z b end.
Definition is_still_layer (l : jlayer) (x : list jreading) : bool :=
  match jbias l with Some _ => false | None => all (fun r : jreading => snd r &&& (Qnum (constant_of (fst r)) =? 0)) x end.
Definition jline (h : pieces) (a : Z) (z : jet) : jet :=
  let s := Qmake a (unit_of h) in Jet (value_at h (constant_of z)) (vscale s (linear z)) (fscale s (square z)).
Definition jactivate (h : pieces) (sign : Z -> option bool) (still : bool) (i l : Z) (jz : Z * jet) : option (jreading * option wall) :=
  let '(j, z) := jz in
  let p := place_of h (Qnum (constant_of z)) (Qden (constant_of z)) in
  let a := fst (left_line p) in let b := fst (right_line p) in
  if still then Some ((jconstant (value_at h (constant_of z)), true), None)
  else if a =? b then Some ((jline h b z, b =? 0), None)
  else match sign (boundary_name l j i) with
       | None => None
       | Some tau => Some ((jline h (if tau then b else a) z, false), Some (Wall (boundary_name l j i) l tau z))
       end.
Definition add_wall (ws : list wall) (u : jreading * option wall) : list wall := match snd u with None => ws | Some w => w :: ws end.
(* The walls that the sample touches, and the predictions; None if one of them has no sign. *)
Fixpoint expand (h : pieces) (sign : Z -> option bool) (i l : Z) (ls : list jlayer) (x : list jreading) (walls : list wall) : option (list wall * list jet) :=
  match ls with
  | [] => None
  | lay :: rest =>
      let zs := jaffine lay x in
      match rest with
      | [] => Some (walls, zs)
      | _ =>
          match collect (jactivate h sign (is_still_layer lay x) i l) (tzip pair (indices zs) zs) with
          | None => None
          | Some us => expand h sign i (l + 1) rest (tmap fst us) (fold add_wall walls us)
          end
      end
  end.
Definition jinputs (x : list Q) : list jreading := tmap (fun q => (jconstant q, true)) x.

(* ---- The loss up to second order ---- *)
Definition jgap (g : Network.gap) (right : jet) (a : jet) (b : Q) : option jet :=
  match g with
  | Network.Difference => Some (jadd a (jconstant (qopp b)))
  | Network.Margin => Some (jscale b a)
  | Network.Classes => if qeqb b 1 then None else Some (jadd a (jscale (-1#1) right))
  end.
Definition jright (f : list jet) (y : list Q) : jet := fold jadd (jconstant (0#1)) (tzip (fun a b => jscale b a) f y).
Definition left_piece (l : loss) (u : Q) : quadratic := piece_towards (first_piece l) (more_pieces l) u Lt.
Definition right_piece (l : loss) (u : Q) : quadratic := piece_towards (first_piece l) (more_pieces l) u Gt.

(* A part of the Lagrangian: a linear form, a quadratic form, linear forms that vanish on the critical space, kinks met. *)
Record part := Part { part_linear : list Q; part_square : form; part_forced : list (list Q); part_kinks : Z }.
Definition no_part : part := Part [] [] [] 0.
Definition padd (a b : part) : part :=
  Part (vadd (part_linear a) (part_linear b)) (fadd (part_square a) (part_square b)) (rev_onto (part_forced a) (part_forced b)) (part_kinks a + part_kinks b).

(* The term of the gap u, times m; `given` is the subgradient in u if there is a kink. *)
Definition term_part (l : loss) (m : Q) (given : option Q) (u : jet) : option part :=
  let c := constant_of u in let p := left_piece l c in let q := right_piece l c in
  let a := qmul m (qslope p c) in let b := qmul m (qslope q c) in
  if qeqb a b then
    let k := qmul m (if qltb (snd p) (snd q) then snd p else snd q) in
    Some (Part (vscale a (linear u)) (fadd (fscale a (square u)) (fscale k (product (linear u) (linear u)))) [] 0)
  else
    match given with
    | None => None
    | Some r =>
        if qleb a r &&& qleb r b &&& qleb 0 (snd p) &&& qleb 0 (snd q)
        then Some (Part (vscale r (linear u)) (fscale r (square u)) (if qltb a r &&& qltb r b then [linear u] else []) 1)
        else None
    end.
Definition is_lowest (l : loss) (u : jet) : bool :=
  qleb (qslope (left_piece l (constant_of u)) (constant_of u)) 0 &&& qleb 0 (qslope (right_piece l (constant_of u)) (constant_of u)).

(* ---- A leaf ---- *)
Record expansion := Expansion { number_of : Z; sample_of : sample; touched : list wall; outputs : list jet }.
Record second_leaf := SecondLeaf { wall_multipliers : named Q; kink_slopes : named Q; product_multipliers : list (Z * Z * Q) }.
Record setting := Setting { piece_lines : pieces; loss_at : loss; scale_at : Q; polynomial_layers : list jlayer; expansions : list expansion; all_walls : named wall }.

Definition output_part (c : setting) (lf : second_leaf) (s : expansion) (right : jet) (kab : Z * (jet * Q)) : option part :=
  let '(k, (a, b)) := kab in
  let g := gap_of (loss_at c) in
  match jgap g right a b with
  | None => Some no_part
  | Some u =>
      let given := match find (pair_code (number_of s) k) (kink_slopes lf) with
                   | None => None | Some r => Some (match g with Network.Margin => qmul b r | _ => r end) end in
      term_part (loss_at c) (qmul (scale_at c) (weight (sample_of s))) given u
  end.
Definition predictions_part (c : setting) (lf : second_leaf) (s : expansion) (f : list jet) : option part :=
  let y := targets (sample_of s) in
  match collect (output_part c lf s (jright f y)) (tzip pair (indices f) (tzip pair f y)) with
  | None => None
  | Some parts => Some (fold padd no_part parts)
  end.
Definition is_lowest_at (c : setting) (s : expansion) : bool :=
  let y := targets (sample_of s) in let right := jright (outputs s) y in
  all (fun ab => match jgap (gap_of (loss_at c)) right (fst ab) (snd ab) with None => true | Some u => is_lowest (loss_at c) u end)
      (tzip pair (outputs s) y).
(* A sample takes part if all its boundary pairs were split; else its loss must be at its minimum. *)
Definition on_pieces (c : setting) (ss : signs) (s : expansion) : option (list wall * list jet) :=
  match touched s with
  | [] => Some ([], outputs s)
  | _ => expand (piece_lines c) (fun n => find n ss) (number_of s) 1 (polynomial_layers c) (jinputs (inputs (sample_of s))) []
  end.
Definition sample_part (c : setting) (ss : signs) (lf : second_leaf) (s : expansion) : option (part * list wall) :=
  match on_pieces c ss s with
  | Some (walls, f) => match predictions_part c lf s f with None => None | Some t => Some (t, walls) end
  | None => if is_lowest_at c s then Some (no_part, []) else None
  end.

Definition signed_by (tau : bool) (q : Q) : Q := if tau then q else qopp q.
Definition named_walls (ws : list wall) : named wall := tmap (fun w => (wall_name w, w)) ws.
Definition lambda_part (ws : named wall) (nl : Z * Q) : option part :=
  match find (fst nl) ws with
  | None => None
  | Some w =>
      if qltb 0 (snd nl) then
        let s := signed_by (negb (wall_sign w)) (snd nl) in
        Some (Part (vscale s (linear (wall_jet w))) (fscale s (square (wall_jet w))) [linear (wall_jet w)] 0)
      else None
  end.
Definition nu_part (ws : named wall) (e : Z * Z * Q) : option part :=
  let '(m, n, nu) := e in
  match find m ws, find n ws with
  | Some v, Some w =>
      if qleb 0 nu then
        let s := qmul (-1#2) (signed_by (eqb (wall_sign v) (wall_sign w)) nu) in
        Some (Part [] (fscale s (product (linear (wall_jet v)) (linear (wall_jet w)))) [] 0)
      else None
  | _, _ => None
  end.
(* The Lagrangian of a leaf. *)
Definition leaf_part (c : setting) (ss : signs) (lf : second_leaf) : option part :=
  match collect (sample_part c ss lf) (expansions c) with
  | None => None
  | Some found =>
      let ws := named_walls (fold (fun acc tw => rev_onto (snd tw) acc) [] found) in
      match collect (lambda_part ws) (wall_multipliers lf), collect (nu_part ws) (product_multipliers lf) with
      | Some ls, Some ns => Some (fold padd (fold padd (fold padd no_part (tmap fst found)) ls) ns)
      | _, _ => None
      end
  end.
(* All but whether the form is positive. *)
Definition first_order (c : setting) (ss : signs) (lf : second_leaf) : option part :=
  match leaf_part c ss lf with
  | Some t =>
      if vzero (part_linear t) &&& (part_kinks t =? count (kink_slopes lf)) &&& differ (part_kinks t) (kink_slopes lf)
         &&& differ (count ss) (wall_multipliers lf)
      then Some t else None
  | None => None
  end.
Definition first_order_holds (c : setting) (ss : signs) (lf : second_leaf) : bool :=
  match first_order c ss lf with Some _ => true | None => false end.
Definition second_order_holds (c : setting) (ps : list Q) (ss : signs) (lf : second_leaf) : bool :=
  match first_order c ss lf with Some t => is_positive_on ps (part_forced t) (part_square t) | None => false end.

(* ---- Cones without a direction ---- *)
Definition empty_term (c : setting) (ss : signs) (nl : Z * Q) : option (list Q) :=
  match find (fst nl) (all_walls c), find (fst nl) ss with
  | Some w, Some tau => if (wall_layer w =? 1) &&& qleb 0 (snd nl) then Some (vscale (signed_by tau (snd nl)) (linear (wall_jet w))) else None
  | _, _ => None
  end.
Definition has_no_direction (c : setting) (ss : signs) (la : named Q) : bool :=
  differ (count ss) la &&& some (fun nl => qltb 0 (snd nl)) la
  &&& match collect (empty_term c ss) la with None => false | Some vs => vzero (fold vadd [] vs) end.

(* ---- The rule ---- *)
Definition make_expansion (h : pieces) (ls : list jlayer) (is : Z * sample) : option expansion :=
  match expand h (fun _ => Some true) (fst is) 1 ls (jinputs (inputs (snd is))) [] with
  | None => None
  | Some (walls, f) => Some (Expansion (fst is) (snd is) walls f)
  end.
Definition make_setting (p : problem) (h : pieces) (ls : list layer) : option setting :=
  let js := layers_jets [1#1]%Q ls in
  match collect (make_expansion h js) (tzip pair (indices (data p)) (data p)) with
  | None => None
  | Some es => Some (Setting h (loss_on p) (scale p) js es (named_walls (fold (fun acc e => rev_onto (touched e) acc) [] es)))
  end.
(* A boundary pair; in layer 1 its wall is a hyperplane through the point. *)
Definition is_boundary_pair (c : setting) (ps : list Q) (name : Z) : bool :=
  match find name (all_walls c) with
  | None => false
  | Some w => if wall_layer w =? 1 then negb (vzero (linear (wall_jet w))) &&& (count (linear (wall_jet w)) <=? count ps) &&& is_nil (square (wall_jet w)) else true
  end.
Inductive outcome := Positive | NotPositive | NoMultipliers.
Definition check_second_order (p : problem) (h : pieces) (ls : list layer) (nodes : list (node second_leaf)) : outcome :=
  match make_setting p h ls with
  | None => NoMultipliers
  | Some c =>
      let ps := entries_of ls in
      if walk (is_boundary_pair c ps) (second_order_holds c ps) (has_no_direction c) 0 [(0, [])] nodes then Positive
      else if walk (is_boundary_pair c ps) (first_order_holds c) (has_no_direction c) 0 [(0, [])] nodes then NotPositive
      else NoMultipliers
  end.
