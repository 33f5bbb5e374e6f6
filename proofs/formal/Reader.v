(* What a certificate states: the claim, the problem and the parameters, read from the syntax tree of its JSON text
   (FORMAT.md, sections 1 to 3). *)
From Coq Require Import ZArith QArith List Bool String.
From Exactsurf Require Network.
From Exactsurf Require Import Lists Numbers Evaluate Json.
Import ListNotations.
Open Scope Z_scope.

Notation "x <- e ;; k" := (match e with None => None | Some x => k end) (at level 60, e at next level, right associativity).
Notation "'when' b ;; k" := (match b with true => k | false => None end) (at level 60, b at next level, right associativity).

Local Notation code s := (codes s%string) (only parsing).
Definition k_format := Eval vm_compute in code "format".
Definition k_format_1 := Eval vm_compute in code "exactsurf-certificate/1".
Definition k_claim := Eval vm_compute in code "claim".
Definition k_problem := Eval vm_compute in code "problem".
Definition k_parameters := Eval vm_compute in code "parameters".
Definition k_evidence := Eval vm_compute in code "evidence".
Definition k_kind := Eval vm_compute in code "kind".
Definition k_sentence := Eval vm_compute in code "sentence".
Definition k_risk := Eval vm_compute in code "risk".
Definition k_widths := Eval vm_compute in code "widths".
Definition k_biases := Eval vm_compute in code "biases".
Definition k_activation := Eval vm_compute in code "activation".
Definition k_breakpoints := Eval vm_compute in code "breakpoints".
Definition k_slopes := Eval vm_compute in code "slopes".
Definition k_value_at_0 := Eval vm_compute in code "value_at_0".
Definition k_loss := Eval vm_compute in code "loss".
Definition k_name := Eval vm_compute in code "name".
Definition k_scale := Eval vm_compute in code "scale".
Definition k_delta := Eval vm_compute in code "delta".
Definition k_squared := Eval vm_compute in code "squared".
Definition k_absolute := Eval vm_compute in code "absolute".
Definition k_huber := Eval vm_compute in code "huber".
Definition k_hinge := Eval vm_compute in code "hinge".
Definition k_data := Eval vm_compute in code "data".
Definition k_csv := Eval vm_compute in code "csv".
Definition k_x := Eval vm_compute in code "x".
Definition k_y := Eval vm_compute in code "y".
Definition k_local_minimum := Eval vm_compute in code "local minimum".
Definition k_spurious := Eval vm_compute in code "spurious local minimum".
Definition k_not_a_local_minimum := Eval vm_compute in code "not a local minimum".
Definition phrase_0 := Eval vm_compute in code "The given parameters are ".
Definition phrase_a := Eval vm_compute in code "a ".
Definition phrase_1 := Eval vm_compute in code " of the ".
Definition phrase_2 := Eval vm_compute in code " risk of the ".
Definition phrase_3 := Eval vm_compute in code " network on ".
Definition phrase_sample := Eval vm_compute in code " sample.".
Definition phrase_samples := Eval vm_compute in code " samples.".
Definition phrase_dash := Eval vm_compute in code "-".

Inductive kind := LocalMinimum | SpuriousLocalMinimum | NotALocalMinimum.

Definition string_of (j : json) : option text := match j with Text s => Some s | _ => None end.
Definition kind_of (s : text) : option kind :=
  if same s k_local_minimum then Some LocalMinimum
  else if same s k_spurious then Some SpuriousLocalMinimum
  else if same s k_not_a_local_minimum then Some NotALocalMinimum
  else None.

(* ---- The problem ---- *)
Fixpoint increasing (ts : list Q) : bool :=
  match ts with [] => true | t :: rest => match rest with [] => true | t' :: _ => qltb t t' end &&& increasing rest end.

Definition read_activation (j : json) : option activation :=
  match fields [k_breakpoints; k_slopes; k_value_at_0] j with
  | Some [bs; ss; v] =>
      ts <- items number bs ;; slopes <- items number ss ;; v0 <- number v ;;
      match slopes with
      | [] => None
      | a :: rest => when increasing ts ;; when count ts =? count rest ;; Some (Activation a v0 (tzip pair ts rest))
      end
  | _ => None
  end.

Definition squared : loss := Loss Network.Difference (0, 0, 1)%Q [].
Definition absolute : loss := Loss Network.Difference (0, - (1), 0)%Q [(0, (0, 1, 0))]%Q.
Definition huber (d : Q) : loss :=
  let e := qmul (Qmake (-1) 2) (qmul d d) in
  Loss Network.Difference (e, qopp d, 0)%Q [(qopp d, (0, 0, 1 # 2)); (d, (e, d, 0))]%Q.
Definition hinge (g : Network.gap) : loss := Loss g (0, 0, 0)%Q [(0, (0, 1, 0))]%Q.

(* The loss, its name and its scale. *)
Definition read_loss (outputs : Z) (j : json) : option (loss * text * Q) :=
  n <- field k_name j ;; name <- string_of n ;;
  if same name k_huber then
    match fields [k_name; k_scale; k_delta] j with
    | Some [_; s; d] =>
        scale <- number s ;; delta <- number d ;;
        when qltb 0 scale ;; when qltb 0 delta ;; Some (huber delta, name, scale)
    | _ => None
    end
  else
    match fields [k_name; k_scale] j with
    | Some [_; s] =>
        scale <- number s ;; when qltb 0 scale ;;
        if same name k_squared then Some (squared, name, scale)
        else if same name k_absolute then Some (absolute, name, scale)
        else if same name k_hinge then Some (hinge (if outputs =? 1 then Network.Margin else Network.Classes), name, scale)
        else None
    | _ => None
    end.

Fixpoint last_of (d : Z) (l : list Z) : Z := match l with [] => d | a :: l' => last_of a l' end.

Definition read_data (inputs outputs : Z) (j : json) : option (list (list Q * list Q)) :=
  match fields [k_x; k_y] j with
  | Some [xs; ys] =>
      x <- items (vector inputs) xs ;; y <- items (vector outputs) ys ;;
      when 0 <? count x ;; when count x =? count y ;; Some (tzip pair x y)
  | _ => None
  end.

(* The problem and the name of its loss. *)
Definition read_problem (j : json) : option (problem * text) :=
  match fields [k_widths; k_biases; k_activation; k_loss; k_data] j with
  | Some [ws; bs; a; l; d] =>
      widths <- items index ws ;; biases <- items truth bs ;; h <- read_activation a ;;
      match widths with
      | [] => None
      | inputs :: rest =>
          let outputs := last_of 0 rest in
          when all (Z.leb 1) widths ;; when 1 <=? count rest ;; when count biases =? count rest ;;
          ln <- read_loss outputs l ;;
          let '(ell, name, s) := ln in
          rows <- read_data inputs outputs d ;;
          when all (fun xy => label (gap_of ell) (snd xy)) rows ;;
          Some (Problem widths biases h ell s rows, name)
      end
  | _ => None
  end.

(* ---- The parameters: W1, b1, W2, ... ---- *)
Fixpoint take_layers (number n : Z) (ms : list Z) (bs : list bool) (fs : list (text * json)) (found : list layer) : option (list layer) :=
  match ms, bs with
  | [], [] => match fs with [] => Some (rev_onto found []) | _ => None end
  | m :: ms', b :: bs' =>
      let name := decimal_text number in
      wf <- take_field (87 :: name) fs [] ;;
      let '(wj, fs1) := wf in
      w <- matrix m n wj ;;
      if b : bool then
        bf <- take_field (98 :: name) fs1 [] ;;
        let '(bj, fs2) := bf in
        v <- vector m bj ;; take_layers (number + 1) m ms' bs' fs2 (Layer w (Some v) :: found)
      else take_layers (number + 1) m ms' bs' fs1 (Layer w None :: found)
  | _, _ => None
  end.
Definition read_parameters (p : problem) (j : json) : option (list layer) :=
  match widths p, j with n :: ms, Fields fs => take_layers 1 n ms (biases p) fs [] | _, _ => None end.

(* ---- The claim ---- *)
Definition phrase (k : kind) : text :=
  match k with
  | LocalMinimum => rev_onto (rev_onto phrase_a []) k_local_minimum
  | SpuriousLocalMinimum => rev_onto (rev_onto phrase_a []) k_spurious
  | NotALocalMinimum => k_not_a_local_minimum
  end.
(* Texts one after the other, from the last one to the first. *)
Definition join (parts : list text) : text := fold (fun behind part => rev_onto (rev_onto part []) behind) [] (rev_onto parts []).
Definition architecture (ws : list Z) : text :=
  match ws with
  | [] => []
  | w :: rest => join (decimal_text w :: tmap (fun v => rev_onto phrase_dash (decimal_text v)) rest)
  end.
Definition sentence (k : kind) (name : text) (p : problem) : text :=
  let n := count (data p) in
  join [phrase_0; phrase k; phrase_1; name; phrase_2; architecture (widths p); phrase_3; decimal_text n;
        if n =? 1 then phrase_sample else phrase_samples].

Record statement := Statement { kind_stated : kind; problem_stated : problem; parameters_stated : list layer; risk_stated : Q }.

(* What a certificate about one point states, and its evidence. *)
Definition read (j : json) : option (statement * json) :=
  match fields [k_format; k_claim; k_problem; k_parameters; k_evidence] j with
  | Some [f; c; pj; tj; e] =>
      version <- string_of f ;; when same version k_format_1 ;;
      match fields [k_kind; k_sentence; k_risk] c with
      | Some [kj; sj; rj] =>
          ks <- string_of kj ;; k <- kind_of ks ;; words <- string_of sj ;; r <- number rj ;;
          pn <- read_problem pj ;;
          let '(p, name) := pn in
          when same words (sentence k name p) ;;
          ls <- read_parameters p tj ;;
          Some (Statement k p ls r, e)
      | _ => None
      end
  | _ => None
  end.

Definition statement_of (j : json) : option statement := match read j with None => None | Some (s, _) => Some s end.
