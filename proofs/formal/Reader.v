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
Definition k_format_2 := Eval vm_compute in code "exactsurf-certificate/2".
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
Definition k_gap := Eval vm_compute in code "gap".
Definition k_pieces := Eval vm_compute in code "pieces".
Definition k_difference := Eval vm_compute in code "difference".
Definition k_margin := Eval vm_compute in code "margin".
Definition k_lead := Eval vm_compute in code "lead".
Definition k_weights := Eval vm_compute in code "weights".
Definition k_data := Eval vm_compute in code "data".
Definition k_csv := Eval vm_compute in code "csv".
Definition k_x := Eval vm_compute in code "x".
Definition k_y := Eval vm_compute in code "y".
Definition k_local_minimum := Eval vm_compute in code "local minimum".
Definition k_spurious := Eval vm_compute in code "spurious local minimum".
Definition k_not_a_local_minimum := Eval vm_compute in code "not a local minimum".
Definition k_path := Eval vm_compute in code "path".
Definition k_level := Eval vm_compute in code "level".
Definition k_barrier := Eval vm_compute in code "barrier".
Definition phrase_barrier_0 := Eval vm_compute in code "Every path between the first and the last point of the given path reaches a ".
Definition phrase_barrier_1 := Eval vm_compute in code "risk of at least ".
Definition phrase_barrier_sample := Eval vm_compute in code " sample, and the given path no more.".
Definition phrase_barrier_samples := Eval vm_compute in code " samples, and the given path no more.".
Definition phrase_path_0 := Eval vm_compute in code "The given path leads from its first point to its last at a ".
Definition phrase_path_1 := Eval vm_compute in code "risk of at most ".
Definition k_global_minimum := Eval vm_compute in code "global minimum".
Definition k_lower_bound := Eval vm_compute in code "lower bound".
Definition k_bound := Eval vm_compute in code "bound".
Definition k_nodes := Eval vm_compute in code "nodes".
Definition k_split := Eval vm_compute in code "split".
Definition k_plus := Eval vm_compute in code "plus".
Definition k_minus := Eval vm_compute in code "minus".
Definition k_empty := Eval vm_compute in code "empty".
Definition phrase_bound_0 := Eval vm_compute in code "The ".
Definition phrase_bound_sample := Eval vm_compute in code " sample is at least ".
Definition phrase_bound_samples := Eval vm_compute in code " samples is at least ".
Definition phrase_bound_1 := Eval vm_compute in code " at all parameters.".
Definition phrase_0 := Eval vm_compute in code "The given parameters are ".
Definition phrase_a := Eval vm_compute in code "a ".
Definition phrase_1 := Eval vm_compute in code " of the ".
Definition phrase_2 := Eval vm_compute in code "risk of the ".
Definition phrase_3 := Eval vm_compute in code " network on ".
Definition phrase_blank := Eval vm_compute in code " ".
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
Definition hinge : loss := Loss Network.Margin (1, - (1), 0)%Q [(1, (0, 0, 0))]%Q.
Definition hinge_of_classes : loss := Loss Network.Classes (0, 0, 0)%Q [(- (1), (1, 1, 0))]%Q.

(* Texts one after the other, from the last one to the first. *)
Definition join (parts : list text) : text := fold (fun behind part => rev_onto (rev_onto part []) behind) [] (rev_onto parts []).

(* The loss, its name and a blank, as the sentence has it, and its scale. *)
Definition read_loss (outputs : Z) (j : json) : option (loss * text * Q) :=
  n <- field k_name j ;; name <- string_of n ;;
  if same name k_huber then
    match fields [k_name; k_scale; k_delta] j with
    | Some [_; s; d] =>
        scale <- number s ;; delta <- number d ;;
        when qltb 0 scale ;; when qltb 0 delta ;; Some (huber delta, join [name; phrase_blank], scale)
    | _ => None
    end
  else
    match fields [k_name; k_scale] j with
    | Some [_; s] =>
        scale <- number s ;; when qltb 0 scale ;;
        if same name k_squared then Some (squared, join [name; phrase_blank], scale)
        else if same name k_absolute then Some (absolute, join [name; phrase_blank], scale)
        else if same name k_hinge then Some (if outputs =? 1 then hinge else hinge_of_classes, join [name; phrase_blank], scale)
        else None
    | _ => None
    end.

(* In format 2 a loss is given by its pieces, has no name, and is not scaled. *)
Definition read_gap (outputs : Z) (s : text) : option Network.gap :=
  if same s k_difference then Some Network.Difference
  else if same s k_margin then Some Network.Margin
  else if same s k_lead &&& (2 <=? outputs) then Some Network.Classes
  else None.
Definition read_piece (j : json) : option quadratic :=
  match items number j with Some [a; b; c] => Some (c, b, a) | _ => None end.
Definition read_pieces (outputs : Z) (j : json) : option (loss * text * Q) :=
  match fields [k_gap; k_breakpoints; k_pieces] j with
  | Some [gj; bj; pj] =>
      s <- string_of gj ;; g <- read_gap outputs s ;; ts <- items number bj ;; ps <- items read_piece pj ;;
      match ps with
      | [] => None
      | q :: rest => when count ts =? count rest ;; Some (Loss g q (tzip pair ts rest), [], 1%Q)
      end
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

(* The weights of n samples; each is 1 where none are given. *)
Definition read_weights {A} (rows : list A) (given : list json) : option (list Q) :=
  match given with
  | [] => Some (tmap (fun _ => 1%Q) rows)
  | j :: _ => ws <- vector (count rows) j ;; when all (qltb 0) ws ;; Some ws
  end.
Definition sample_of (xy : list Q * list Q) (w : Q) : sample := Sample (fst xy) (snd xy) w.

(* The problem, in format 2 or 1, and the words for its loss. *)
Definition read_problem (two : bool) (j : json) : option (problem * text) :=
  let more := if two &&& has_field k_weights j then [k_weights] else [] in
  match fields (k_widths :: k_biases :: k_activation :: k_loss :: k_data :: more) j with
  | Some (ws :: bs :: a :: l :: d :: given) =>
      widths <- items index ws ;; biases <- items truth bs ;; h <- read_activation a ;;
      match widths with
      | [] => None
      | inputs :: rest =>
          let outputs := last_of 0 rest in
          when all (Z.leb 1) widths ;; when 1 <=? count rest ;; when count biases =? count rest ;;
          ln <- (if two : bool then read_pieces outputs l else read_loss outputs l) ;;
          let '(ell, name, s) := ln in
          rows <- read_data inputs outputs d ;;
          when all (fun xy => label (gap_of ell) (snd xy)) rows ;;
          omegas <- read_weights rows given ;;
          Some (Problem widths biases h ell s (tzip sample_of rows omegas), name)
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
Definition architecture (ws : list Z) : text :=
  match ws with
  | [] => []
  | w :: rest => join (decimal_text w :: tmap (fun v => rev_onto phrase_dash (decimal_text v)) rest)
  end.
Definition on_samples (p : problem) : text :=
  let n := count (data p) in join [architecture (widths p); phrase_3; decimal_text n; if n =? 1 then phrase_sample else phrase_samples].
Definition sentence (k : kind) (name : text) (p : problem) : text := join [phrase_0; phrase k; phrase_1; name; phrase_2; on_samples p].
Definition path_sentence (name level : text) (p : problem) : text :=
  join [phrase_path_0; name; phrase_path_1; level; phrase_1; on_samples p].
Definition barrier_sentence (name level : text) (p : problem) : text :=
  let n := count (data p) in
  join [phrase_barrier_0; name; phrase_barrier_1; level; phrase_1; architecture (widths p); phrase_3; decimal_text n;
        if n =? 1 then phrase_barrier_sample else phrase_barrier_samples].
Definition minimum_sentence (name : text) (p : problem) : text :=
  join [phrase_0; phrase_a; k_global_minimum; phrase_1; name; phrase_2; on_samples p].
Definition bound_sentence (name bound : text) (p : problem) : text :=
  let n := count (data p) in
  join [phrase_bound_0; name; phrase_2; architecture (widths p); phrase_3; decimal_text n;
        if n =? 1 then phrase_bound_sample else phrase_bound_samples; bound; phrase_bound_1].

(* Whether it is format 2, of the two. *)
Definition format_2 (version : text) : option bool :=
  if same version k_format_2 then Some true else if same version k_format_1 then Some false else None.

(* One point, its kind and its risk; or the points of a path, and a level. *)
Record point_statement := PointStatement { kind_stated : kind; problem_stated : problem; parameters_stated : list layer; risk_stated : Q }.
Record path_statement := PathStatement { path_problem : problem; points_stated : list (list layer); level_stated : Q }.
(* A lower bound of the risk at all parameters, and parameters that have this risk, if there are any. *)
Record bound_statement := BoundStatement { bound_problem : problem; minimum_stated : option (list layer); bound_stated : Q }.
Inductive statement :=
  AboutPoint (s : point_statement) | AboutPath (s : path_statement) | AboutBarrier (s : path_statement) | AboutAll (s : bound_statement).

(* What a certificate about one point states, and its evidence. *)
Definition read_point (j : json) : option (point_statement * json) :=
  match fields [k_format; k_claim; k_problem; k_parameters; k_evidence] j with
  | Some [f; c; pj; tj; e] =>
      version <- string_of f ;; two <- format_2 version ;;
      match fields [k_kind; k_sentence; k_risk] c with
      | Some [kj; sj; rj] =>
          ks <- string_of kj ;; k <- kind_of ks ;; words <- string_of sj ;; r <- number rj ;;
          pn <- read_problem two pj ;;
          let '(p, name) := pn in
          when same words (sentence k name p) ;;
          ls <- read_parameters p tj ;;
          Some (PointStatement k p ls r, e)
      | _ => None
      end
  | _ => None
  end.

(* What a certificate about a path states (section 8), or one about a barrier (section 9), and its evidence. *)
Definition read_path (barrier : bool) (j : json) : option (path_statement * json) :=
  match fields [k_format; k_claim; k_problem; k_evidence] j with
  | Some [f; c; pj; e] =>
      version <- string_of f ;; two <- format_2 version ;;
      match fields [k_kind; k_sentence; k_level] c, field k_path e with
      | Some [kj; sj; lj], Some points =>
          when barrier ||| match fields [k_path] e with Some _ => true | None => false end ;;
          words <- string_of sj ;; level <- string_of lj ;; l <- number lj ;;
          pn <- read_problem two pj ;;
          let '(p, name) := pn in
          when same words ((if barrier then barrier_sentence else path_sentence) name level p) ;;
          ps <- items (read_parameters p) points ;;
          when 2 <=? count ps ;; Some (PathStatement p ps l, e)
      | _, _ => None
      end
  | _ => None
  end.

(* Whether the claim is of this kind. *)
Definition has_kind (k : text) (j : json) : bool :=
  match field k_claim j with
  | Some c => match field k_kind c with Some (Text s) => same s k | _ => false end
  | None => false
  end.

(* What a certificate about all parameters states, and its evidence (sections 7 and 14). *)
Definition read_bound (j : json) : option (bound_statement * json) :=
  if has_kind k_lower_bound j then
    match fields [k_format; k_claim; k_problem; k_evidence] j with
    | Some [f; c; pj; e] =>
        version <- string_of f ;; two <- format_2 version ;;
        match fields [k_kind; k_sentence; k_bound] c with
        | Some [kj; sj; bj] =>
            words <- string_of sj ;; bound <- string_of bj ;; b <- number bj ;;
            pn <- read_problem two pj ;;
            let '(p, name) := pn in
            when same words (bound_sentence name bound p) ;; Some (BoundStatement p None b, e)
        | _ => None
        end
    | _ => None
    end
  else
    match fields [k_format; k_claim; k_problem; k_parameters; k_evidence] j with
    | Some [f; c; pj; tj; e] =>
        version <- string_of f ;; two <- format_2 version ;;
        match fields [k_kind; k_sentence; k_risk] c with
        | Some [kj; sj; rj] =>
            words <- string_of sj ;; r <- number rj ;;
            pn <- read_problem two pj ;;
            let '(p, name) := pn in
            when same words (minimum_sentence name p) ;;
            ls <- read_parameters p tj ;; Some (BoundStatement p (Some ls) r, e)
        | _ => None
        end
    | _ => None
    end.
Definition is_about_all (j : json) : bool := has_kind k_lower_bound j ||| has_kind k_global_minimum j.

Definition statement_of (j : json) : option statement :=
  if has_kind k_path j then match read_path false j with None => None | Some (s, _) => Some (AboutPath s) end
  else if has_kind k_barrier j then match read_path true j with None => None | Some (s, _) => Some (AboutBarrier s) end
  else if is_about_all j then match read_bound j with None => None | Some (s, _) => Some (AboutAll s) end
  else match read_point j with None => None | Some (s, _) => Some (AboutPoint s) end.
