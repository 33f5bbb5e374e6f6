(* The executable checker of the claim `barrier` (FORMAT.md, section 9.1): a tree of regions of the hidden units whose leaves lie
   on the side of the first point, on the side of the last, or high; where two sides meet a dual vector bounds the risk. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate CheckUnitwise CheckDeadUnit CheckBound CheckPathClaim.
Import ListNotations.
Open Scope Z_scope.

(* ---- The tree: the regions on both sides ---- *)
Inductive part := Parted (unit : Z) (wall : option Z) (plus minus : Z) | Beside (last : bool) | High (dual : Z) (forms : list (list Z)).
Definition regions := list region.

Definition halves (k : walls) (j : Z) (wall : option Z) (rs : regions) : option (regions * regions) :=
  if is_cuttable k wall then
    match pick j rs with
    | None => None
    | Some a =>
        match cut wall true a, cut wall false a with
        | Some above, Some below => Some (replace_from j above rs [], replace_from j below rs [])
        | _, _ => None
        end
    end
  else None.
Definition is_high (duals : Z) (forms : list form) (d : Z) (ns : list (list Z)) (rs : regions) : bool :=
  (0 <=? d) &&& (d <? duals) &&& (count ns =? count rs) &&& all (fun x : bool => x) (tzip (unit_bounded forms d) rs ns).

(* The leaves on the side of the first point and on that of the last one, the last ones first. *)
Fixpoint leaves (k : walls) (duals : Z) (forms : list form) (i : Z) (pending : named regions) (nodes : list part) (firsts lasts : list regions)
    : option (list regions * list regions) :=
  match nodes with
  | [] => if is_nil pending then Some (firsts, lasts) else None
  | nd :: rest =>
      match take_from i pending [] with
      | None => None
      | Some (rs, others) =>
          match nd with
          | Parted j wall p m =>
              match halves k j wall rs with
              | None => None
              | Some (above, below) =>
                  match new_children i [(p, above); (m, below)] others with
                  | None => None
                  | Some open => leaves k duals forms (i + 1) open rest firsts lasts
                  end
              end
          | Beside false => leaves k duals forms (i + 1) others rest (rs :: firsts) lasts
          | Beside true => leaves k duals forms (i + 1) others rest firsts (rs :: lasts)
          | High d ns => if is_high duals forms d ns rs then leaves k duals forms (i + 1) others rest firsts lasts else None
          end
      end
  end.

(* ---- Where two regions meet: what is required from both sides is on the wall, or is a unit that is off ---- *)
Definition meet_side (a b : option requirement) : option requirement :=
  match a, b with
  | None, _ => b
  | _, None => a
  | _, _ => if same_side a b then a else Some OnWall
  end.
Definition meet (a b : region) : region := Region (meet_side (sign a) (sign b)) (tzip meet_side (required a) (required b)).

(* One reason for every pair, those of the first region first. *)
Definition meeting := (Z * list (list Z))%type.
Fixpoint meets_all (duals : Z) (forms : list form) (rs : regions) (lasts : list regions) (ms : list meeting) : option (list meeting) :=
  match lasts with
  | [] => Some ms
  | rs' :: rest =>
      match ms with
      | (d, ns) :: ms' => if is_high duals forms d ns (tzip meet rs rs') then meets_all duals forms rs rest ms' else None
      | [] => None
      end
  end.
Fixpoint all_meet (duals : Z) (forms : list form) (firsts lasts : list regions) (ms : list meeting) : bool :=
  match firsts with
  | [] => is_nil ms
  | rs :: rest => match meets_all duals forms rs lasts ms with None => false | Some ms' => all_meet duals forms rest lasts ms' end
  end.

(* ---- Whether a point lies in a region ---- *)
Definition has_sign (s : option requirement) (n : Z) : bool :=
  match s with None => true | Some AtLeast => 0 <=? n | Some AtMost => n <=? 0 | Some OnWall => n =? 0 end.
Fixpoint have_signs (ss : sides) (ns : list Z) : bool :=
  match ss, ns with [], [] => true | s :: ss', n :: ns' => has_sign s n &&& have_signs ss' ns' | _, _ => false end.
(* On which side of its walls a unit is that reads z/d on the samples. *)
Definition sides_of (ts : list Q) (d : positive) (zs : list Z) : list Z := tflat (fun z => tmap (side z d) ts) zs.
Fixpoint lies_in (ts : list Q) (rs : regions) (vs : list Q) (ds : list positive) (columns : list (list Z)) : bool :=
  match rs, vs, ds, columns with
  | [], [], [], [] => true
  | a :: rs', v :: vs', d :: ds', zs :: columns' =>
      has_sign (sign a) (Qnum v) &&& have_signs (required a) (sides_of ts d zs) &&& lies_in ts rs' vs' ds' columns'
  | _, _, _, _ => false
  end.
Definition is_in (ts : list Q) (x : table) (ls : list layer) (found : list regions) : bool :=
  match ls with
  | [l1; l2] =>
      match weights l2 with
      | [vs] => let z := hidden x l1 in let columns := transpose (fst z) in some (fun rs => lies_in ts rs vs (snd z) columns) found
      | _ => false
      end
  | _ => false
  end.

(* ---- The evidence ---- *)
Record barrier_evidence := BarrierEvidence {
  barrier_duals : list (list Q); barrier_forms : list form; parts : list part; meetings : list meeting }.

Fixpoint last_point (ls : list layer) (rest : list (list layer)) : list layer := match rest with [] => ls | ls' :: rest' => last_point ls' rest' end.

Definition check_separation (p : problem) (level : Q) (first last : list layer) (e : barrier_evidence) : bool :=
  match biases p, first with
  | [b1; b2], [l1; _] =>
      let x := table_of (tmap inputs (data p)) in
      let t := extend b1 x in let h := activation_of p in
      let k := walls_of h t in
      let ts := tmap fst (turns_at k) in
      let free := tflat (fun _ => tmap (fun _ => None) (turns_at k)) (fst t) in
      let n := count (barrier_duals e) in
      all (check_dual p b2 level) (barrier_duals e)
      &&& all (fun f => has_length (count free) (region_of f) &&& check_form h k (barrier_duals e) f) (barrier_forms e)
      &&& match leaves k n (barrier_forms e) 0 [(0, tmap (fun _ => Region None free) (weights l1))] (parts e) [] [] with
          | None => false
          | Some (firsts, lasts) =>
              all_meet n (barrier_forms e) (rev_onto firsts []) (rev_onto lasts []) (meetings e)
              &&& is_in ts x first firsts &&& is_in ts x last lasts
          end
  | _, _ => false
  end.
