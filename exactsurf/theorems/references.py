"""The literature as BibTeX entries, by key."""

from __future__ import annotations


def _entry(kind: str, key: str, **fields: str) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


_ICLR = "International Conference on Learning Representations (ICLR)"
_ICML = "International Conference on Machine Learning (ICML)"
_NIPS = "Advances in Neural Information Processing Systems (NIPS)"

ACHOUR_2024 = _entry(
    "article",
    "achour2024loss",
    title="The Loss Landscape of Deep Linear Neural Networks: a Second-order Analysis",
    author="El Mehdi Achour and Fran{\\c{c}}ois Malgouyres and S{\\'e}bastien Gerchinovitz",
    journal="Journal of Machine Learning Research",
    volume="25",
    number="242",
    year="2024",
    eprint="2107.13289",
)
BALDI_1989 = _entry(
    "article",
    "baldi1989neural",
    title="Neural networks and principal component analysis: Learning from examples without local minima",
    author="Pierre Baldi and Kurt Hornik",
    journal="Neural Networks",
    volume="2",
    number="1",
    pages="53--58",
    year="1989",
)
BHARADWAJ_2023 = _entry(
    "misc",
    "bharadwaj2023complex",
    title="Complex Critical Points of Deep Linear Neural Networks",
    author="Ayush Bharadwaj and Serkan Ho{\\c{s}}ten",
    year="2023",
    eprint="2301.12651",
)
CHOROMANSKA_2015 = _entry(
    "inproceedings",
    "choromanska2015loss",
    title="The Loss Surfaces of Multilayer Networks",
    author="Anna Choromanska and Mikael Henaff and Michael Mathieu and G{\\'e}rard Ben Arous and Yann LeCun",
    booktitle="International Conference on Artificial Intelligence and Statistics (AISTATS)",
    year="2015",
)
CHRISTOF_2023 = _entry(
    "article",
    "christof2023omnipresence",
    title="On the omnipresence of spurious local minima in certain neural network training problems",
    author="Constantin Christof and Julia Kowalczyk",
    journal="Constructive Approximation",
    year="2023",
    eprint="2202.12262",
)
CLEVERT_2016 = _entry(
    "inproceedings",
    "clevert2016fast",
    title="Fast and Accurate Deep Network Learning by Exponential Linear Units ({ELU}s)",
    author="Djork-Arn{\\'e} Clevert and Thomas Unterthiner and Sepp Hochreiter",
    booktitle=_ICLR,
    year="2016",
    eprint="1511.07289",
)
DING_2022 = _entry(
    "article",
    "ding2022suboptimal",
    title="Suboptimal Local Minima Exist for Wide Neural Networks with Smooth Activations",
    author="Tian Ding and Dawei Li and Ruoyu Sun",
    journal="Mathematics of Operations Research",
    year="2022",
    eprint="1911.01413",
)
DU_2018 = _entry(
    "inproceedings",
    "du2018gradient",
    title="Gradient Descent Learns One-hidden-layer {CNN}: Don't be Afraid of Spurious Local Minima",
    author="Simon S. Du and Jason D. Lee and Yuandong Tian and Barnab{\\'a}s P{\\'o}czos and Aarti Singh",
    booktitle=_ICML,
    year="2018",
    eprint="1712.00779",
)
FEIZI_2018 = _entry(
    "inproceedings",
    "feizi2018porcupine",
    title="Porcupine Neural Networks: Approximating Neural Network Landscapes",
    author="Soheil Feizi and Hamid Javadi and Jesse Zhang and David Tse",
    booktitle=_NIPS,
    year="2018",
    eprint="1710.02196",
)
FREEMAN_2017 = _entry(
    "inproceedings",
    "freeman2017topology",
    title="Topology and Geometry of Half-Rectified Network Optimization",
    author="C. Daniel Freeman and Joan Bruna",
    booktitle=_ICLR,
    year="2017",
    eprint="1611.01540",
)
GOLDBLUM_2020 = _entry(
    "inproceedings",
    "goldblum2020truth",
    title="Truth or Backpropaganda? An Empirical Investigation of Deep Learning Theory",
    author="Micah Goldblum and Jonas Geiping and Avi Schwarzschild and Michael Moeller and Tom Goldstein",
    booktitle=_ICLR,
    year="2020",
    eprint="1910.00359",
)
HAEFFELE_2017 = _entry(
    "inproceedings",
    "haeffele2017global",
    title="Global Optimality in Neural Network Training",
    author="Benjamin D. Haeffele and Ren{\\'e} Vidal",
    booktitle="IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
    year="2017",
)
HE_2020 = _entry(
    "inproceedings",
    "he2020piecewise",
    title="Piecewise linear activations substantially shape the loss surfaces of neural networks",
    author="Fengxiang He and Bohan Wang and Dacheng Tao",
    booktitle=_ICLR,
    year="2020",
    eprint="2003.12236",
)
KAWAGUCHI_2016 = _entry(
    "inproceedings",
    "kawaguchi2016deep",
    title="Deep Learning without Poor Local Minima",
    author="Kenji Kawaguchi",
    booktitle=_NIPS,
    year="2016",
    eprint="1605.07110",
)
LAURENT_2018_LINEAR = _entry(
    "inproceedings",
    "laurent2018deep",
    title="Deep Linear Networks with Arbitrary Loss: All Local Minima Are Global",
    author="Thomas Laurent and James von Brecht",
    booktitle=_ICML,
    year="2018",
    eprint="1712.01473",
)
LAURENT_2018 = _entry(
    "inproceedings",
    "laurent2018multilinear",
    title="The Multilinear Structure of ReLU Networks",
    author="Thomas Laurent and James von Brecht",
    booktitle=_ICML,
    year="2018",
    eprint="1712.10132",
)
LU_2017 = _entry(
    "misc",
    "lu2017depth",
    title="Depth Creates No Bad Local Minima",
    author="Haihao Lu and Kenji Kawaguchi",
    year="2017",
    eprint="1702.08580",
)
MEHTA_2021 = _entry(
    "article",
    "mehta2021loss",
    title="The Loss Surface of Deep Linear Networks Viewed Through the Algebraic Geometry Lens",
    author="Dhagash Mehta and Tianran Chen and Tingting Tang and Jonathan D. Hauenstein",
    journal="IEEE Transactions on Pattern Analysis and Machine Intelligence",
    year="2021",
    eprint="1810.07716",
)
NGUYEN_2017 = _entry(
    "inproceedings",
    "nguyen2017loss",
    title="The Loss Surface of Deep and Wide Neural Networks",
    author="Quynh Nguyen and Matthias Hein",
    booktitle=_ICML,
    year="2017",
    eprint="1704.08045",
)
PETZKA_2021 = _entry(
    "article",
    "petzka2021nonattracting",
    title="Non-attracting Regions of Local Minima in Deep and Wide Neural Networks",
    author="Henning Petzka and Cristian Sminchisescu",
    journal="Journal of Machine Learning Research",
    volume="22",
    year="2021",
)
SAFRAN_2018 = _entry(
    "inproceedings",
    "safran2018spurious",
    title="Spurious Local Minima are Common in Two-Layer {ReLU} Neural Networks",
    author="Itay Safran and Ohad Shamir",
    booktitle=_ICML,
    year="2018",
    eprint="1712.08968",
)
SOUDRY_2016 = _entry(
    "misc",
    "soudry2016no",
    title="No bad local minima: Data independent training error guarantees for multilayer neural networks",
    author="Daniel Soudry and Yair Carmon",
    year="2016",
    eprint="1605.08361",
)
SWIRSZCZ_2016 = _entry(
    "misc",
    "swirszcz2016local",
    title="Local minima in training of neural networks",
    author="Grzegorz {\\'S}wirszcz and Wojciech Marian Czarnecki and Razvan Pascanu",
    year="2016",
    eprint="1611.06310",
)
TRAGER_2020 = _entry(
    "inproceedings",
    "trager2020pure",
    title="Pure and Spurious Critical Points: a Geometric Study of Linear Networks",
    author="Matthew Trager and Kathl{\\'e}n Kohn and Joan Bruna",
    booktitle=_ICLR,
    year="2020",
    eprint="1910.01671",
)
VENTURI_2019 = _entry(
    "article",
    "venturi2019spurious",
    title="Spurious Valleys in One-hidden-layer Neural Network Optimization Landscapes",
    author="Luca Venturi and Afonso S. Bandeira and Joan Bruna",
    journal="Journal of Machine Learning Research",
    volume="20",
    year="2019",
    eprint="1802.06384",
)
XIE_2017 = _entry(
    "inproceedings",
    "xie2017diverse",
    title="Diverse Neural Network Learns True Target Functions",
    author="Bo Xie and Yingyu Liang and Le Song",
    booktitle="International Conference on Artificial Intelligence and Statistics (AISTATS)",
    year="2017",
    eprint="1611.03131",
)
YU_1995 = _entry(
    "article",
    "yu1995local",
    title="On the local minima free condition of backpropagation learning",
    author="Xiao-Hu Yu and Guo-An Chen",
    journal="IEEE Transactions on Neural Networks",
    volume="6",
    year="1995",
)
YUN_2018 = _entry(
    "inproceedings",
    "yun2018global",
    title="Global optimality conditions for deep neural networks",
    author="Chulhee Yun and Suvrit Sra and Ali Jadbabaie",
    booktitle=_ICLR,
    year="2018",
    eprint="1707.02444",
)
YUN_2019 = _entry(
    "inproceedings",
    "yun2019small",
    title="Small nonlinearities in activation functions create bad local minima in neural networks",
    author="Chulhee Yun and Suvrit Sra and Ali Jadbabaie",
    booktitle=_ICLR,
    year="2019",
    eprint="1802.03487",
)
YUN_2019_SOSP = _entry(
    "inproceedings",
    "yun2019efficiently",
    title="Efficiently testing local optimality and escaping saddles for {ReLU} networks",
    author="Chulhee Yun and Suvrit Sra and Ali Jadbabaie",
    booktitle=_ICLR,
    year="2019",
    eprint="1809.10858",
)
ZHOU_2018 = _entry(
    "inproceedings",
    "zhou2018critical",
    title="Critical Points of Linear Neural Networks: Analytical Forms and Landscape Properties",
    author="Yi Zhou and Yingbin Liang",
    booktitle=_ICLR,
    year="2018",
    eprint="1710.11205",
)
