(* The executable checker of the rule `unitwise vectors` (FORMAT.md, section 4.5): trees as in the rule `unitwise`, with a
   local form for every output. The forms have the same hyperplanes. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate CheckUnitwise.
Import ListNotations.
Open Scope Z_scope.

Definition kappa_at (f : local_form) (c : Z) : Q := match find c (planes f) with Some p => kappa f p | None => 0#1 end.
Definition same_plane (a b : Z * plane) : bool := (fst a =? fst b) &&& same (normal (snd a)) (normal (snd b)).
Definition same_planes (f g : local_form) : bool :=
  (count (planes f) =? count (planes g)) &&& all (fun x : bool => x) (tzip same_plane (planes f) (planes g)).

(* The multipliers of a hyperplane, one for every output; zeros if it is not listed. *)
Definition mu_of (fs : list local_form) (mu : named (list Q)) (c : Z) : list Q :=
  match find c mu with Some ms => ms | None => tmap (fun _ => 0#1)%Q fs end.
(* tau mu + kappa, one number for every output. *)
Definition side (fs : list local_form) (p : plane) (c : Z) (ms : list Q) (tau : Q) : list Q :=
  tzip (fun f m => qadd (qmul tau (scaled_mu p m)) (kappa_at f c)) fs ms.
Definition qdot (u v : list Q) : Q := fold qadd (0#1)%Q (tzip qmul u v).
Definition good_side (v a : list Q) : bool := all (fun q => Qnum q =? 0) a ||| qltb 0 (qdot v a).
Definition plane_holds (fs : list local_form) (v : list Q) (ss : signs) (mu : named (list Q)) (np : Z * plane) : bool :=
  let c := fst np in let ms := mu_of fs mu c in
  let plus := side fs (snd np) c ms (1#1) in let minus := side fs (snd np) c ms (-1#1) in
  (0 <? lead (normal (snd np))) &&& (count ms =? count fs)
  &&& match find c ss with
      | Some true => good_side v plus
      | Some false => good_side v minus
      | None => good_side v plus &&& good_side v minus
      end.
(* The gradient of every output is the sum of its multipliers times the normals. *)
Fixpoint gradients_hold (ps : named plane) (fs : list local_form) (mus : list (list Q)) : bool :=
  match fs with
  | [] => true
  | f :: fs' =>
      let l := tzip (fun np ms => (normal (snd np), scaled_mu (snd np) (match ms with m :: _ => m | [] => 0#1 end))) ps mus in
      is_short (tmap snd l)
      &&& (let '(v, d) := combination (gradient f) l in equal_to d v (gradient f))
      &&& gradients_hold ps fs' (tmap (fun ms => match ms with _ :: r => r | [] => [] end) mus)
  end.
Definition vector_leaf_holds (fs : list local_form) (v : list Q) (ss : signs) (mu : named (list Q)) : bool :=
  match fs with
  | [] => false
  | f0 :: _ =>
      (if count mu <=? count (planes f0) then negb (twice mu) else false) &&& all (fun cm => mem (fst cm) (planes f0) &&& (count (snd cm) =? count fs)) mu
      &&& all (plane_holds fs v ss mu) (planes f0)
      &&& gradients_hold (planes f0) fs (tmap (fun np => mu_of fs mu (fst np)) (planes f0))
  end.

Definition check_vector_unit (h : pieces) (us : list unitwise) (w v : list Q) (nodes : list (node (named (list Q)))) : bool :=
  match us with
  | [] => false
  | u0 :: _ =>
      let row := make_unit (dens u0) w 0 in
      let d := denominator row in
      let zs := tmap (zdot (constant row) (factors row)) (rows u0) in
      let ps := tmap (fun z => place_of h z d) zs in
      let hs := tzip (fun z p => value_on (right_line p) z d) zs ps in
      all (fun u => zdot 0 (rs u) hs =? 0) us
      &&& match collect (fun u => form_of u 1 ps) us with
          | None => false
          | Some fs =>
              match fs with
              | [] => false
              | f0 :: _ =>
                  all (same_planes f0) fs &&& negb (is_nil nodes)
                  &&& walk (fun c => mem c (planes f0)) (vector_leaf_holds fs v) (is_empty f0) 0 [(0, [])] nodes
              end
          end
  end.

Definition head (row : list Q) : Q := match row with q :: _ => q | [] => 0#1 end.
Definition tail (row : list Q) : list Q := match row with _ :: r => r | [] => [] end.
(* The columns of W2 one after the other, with the rows of W1. *)
Fixpoint check_vector_units (h : pieces) (us : list unitwise) (ws : list (list Q)) (w2 : list (list Q)) (units : list (list (node (named (list Q))))) : bool :=
  match ws, units with
  | [], [] => true
  | w :: ws', t :: units' => check_vector_unit h us w (tmap head w2) t &&& check_vector_units h us ws' (tmap tail w2) units'
  | _, _ => false
  end.

Definition check_unitwise_vectors (h : pieces) (ls : list layer) (x : table) (r : subgradient) (units : list (list (node (named (list Q))))) : bool :=
  match ls with
  | [l1; l2] =>
      let columns := transpose (r_rows r) in
      match bias l2 with None => true | Some _ => all (fun c => zsum c =? 0) columns end
      &&& let t := extend (match bias l1 with None => false | Some _ => true end) x in
          check_vector_units h (tmap (fun c => unitwise_of h t c (r_factor r)) columns) (extended_rows l1) (weights l2) units
  | _ => false
  end.
