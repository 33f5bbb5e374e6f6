(* The executable checker of the rule `paths` (FORMAT.md, section 4.1). *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate.
Import ListNotations.
Open Scope Z_scope.

Inductive answer := Accepted | Rejected | Unknown.

(* One hidden layer on the samples with r <> 0: slopes and intercepts, a column for every unit. *)
Record level := Level { with_bias : bool; slopes : list (list Z); intercepts : list (list Z) }.

Definition has_bias (l : layer) : bool := match bias l with None => false | Some _ => true end.
Definition bends_here (p : place) : bool := negb (fst (left_line p) =? fst (right_line p)).
Definition is_flat (p : place) : bool := (fst (left_line p) =? 0) &&& (fst (right_line p) =? 0).

(* What a layer reads on one sample, and whether that is the same at all nearby parameters. *)
Definition reading := (list Z * bool)%type.

(* A layer without bias that reads zeros, and does so at all nearby parameters, is still. *)
Definition is_still (l : layer) (x : reading) : bool := negb (has_bias l) &&& snd x &&& is_zero (fst x).
Definition places_of (h : pieces) (us : list unit_row) (ds : list positive) (x : reading) : list place :=
  tzip (place_of h) (read_row us (fst x)) ds.
Definition unambiguous (h : pieces) (l : layer) (us : list unit_row) (ds : list positive) (x : reading) : bool :=
  is_still l x ||| negb (some bends_here (places_of h us ds x)).
Definition pass_on (h : pieces) (l : layer) (us : list unit_row) (ds : list positive) (x : reading) : reading :=
  (activate h ds (read_row us (fst x)), is_still l x ||| all is_flat (places_of h us ds x)).
Definition lines_of (h : pieces) (us : list unit_row) (ds : list positive) (x : reading) : list line :=
  tmap right_line (places_of h us ds x).

(* The hidden layers, the last one first, and whether the output layer has a bias; None if some sample is ambiguous. *)
Fixpoint trace (h : pieces) (ls : list layer) (ds : list positive) (xs : list reading) (below : list level) : option (list level * bool) :=
  match ls with
  | [] => None
  | l :: rest =>
      match rest with
      | [] => Some (below, has_bias l)
      | _ =>
          let us := make_units ds l in let ds' := tmap denominator us in
          if all (unambiguous h l us ds') xs then
            let found := tmap (lines_of h us ds') xs in
            trace h rest (tmap (Pos.mul (unit_of h)) ds') (tmap (pass_on h l us ds') xs)
              (Level (has_bias l) (transpose (tmap (tmap fst) found)) (transpose (tmap (tmap snd) found)) :: below)
          else None
      end
  end.

(* Vectors that are not 0, each once. *)
Definition add_vector (vs : list (list Z)) (v : list Z) : list (list Z) := if is_zero v ||| some (same v) vs then vs else v :: vs.
Definition distinct (vs : list (list Z)) : list (list Z) := fold add_vector [] vs.
Definition products (ss vs : list (list Z)) : list (list Z) :=
  fold (fun found s => fold (fun found v => add_vector found (tzip Z.mul s v)) found vs) [] ss.
Definition orthogonal (vs cs : list (list Z)) : bool := all (fun c => all (fun v => zdot 0 v c =? 0) vs) cs.
Definition no_mean (b : bool) (vs : list (list Z)) : bool := if b then all (fun v => zsum v =? 0) vs else true.

Definition most_products : Z := 2000.

(* From V_{l+1} to V_1, checking conditions 1 and 3 on the way; condition 2 with the columns of the inputs. *)
Fixpoint descend (levels : list level) (vs : list (list Z)) (columns : list (list Z)) : answer :=
  match levels with
  | [] => if orthogonal vs columns then Accepted else Rejected
  | lv :: below =>
      let ss := distinct (slopes lv) in
      if most_products <? count ss * count vs then Unknown
      else if orthogonal vs (distinct (intercepts lv)) then
        let vs' := products ss vs in
        if no_mean (with_bias lv) vs' then descend below vs' columns else Rejected
      else Rejected
  end.

Definition keep (r : subgradient) (rows : list (list Z)) : list (list Z * list Z) :=
  tfilter (fun s => negb (is_zero (fst s))) (tzip pair (r_rows r) rows).

Definition check_paths (h : pieces) (ls : list layer) (x : table) (r : subgradient) : answer :=
  let kept := keep r (fst x) in
  match trace h ls (snd x) (tmap (fun s => (snd s, true)) kept) [] with
  | None => Rejected
  | Some (levels, b) =>
      let vs := distinct (transpose (tmap fst kept)) in
      if no_mean b vs then descend levels vs (distinct (transpose (tmap snd kept))) else Rejected
  end.
