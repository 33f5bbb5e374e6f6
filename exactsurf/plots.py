"""Pictures: every ``plot_…`` takes axes and returns axes; its ``_data`` twin gives the exact numbers that it draws.

>>> import exactsurf as es
>>> es.plots.plot_tree_data.__name__
'plot_tree_data'
"""

from __future__ import annotations

from exactsurf.show.plots.barcode_plot import Bar as Bar
from exactsurf.show.plots.barcode_plot import plot_barcode as plot_barcode
from exactsurf.show.plots.barcode_plot import plot_barcode_data as plot_barcode_data
from exactsurf.show.plots.clarke_plot import ClarkePlotData as ClarkePlotData
from exactsurf.show.plots.clarke_plot import plot_clarke as plot_clarke
from exactsurf.show.plots.clarke_plot import plot_clarke_data as plot_clarke_data
from exactsurf.show.plots.connectivity_plot import WidthColumn as WidthColumn
from exactsurf.show.plots.connectivity_plot import plot_connectivity as plot_connectivity
from exactsurf.show.plots.connectivity_plot import plot_connectivity_data as plot_connectivity_data
from exactsurf.show.plots.decay_path_plot import DecayPathData as DecayPathData
from exactsurf.show.plots.decay_path_plot import plot_decay_path as plot_decay_path
from exactsurf.show.plots.decay_path_plot import plot_decay_path_data as plot_decay_path_data
from exactsurf.show.plots.function_plot import FunctionPlotData as FunctionPlotData
from exactsurf.show.plots.function_plot import plot_function as plot_function
from exactsurf.show.plots.function_plot import plot_function_data as plot_function_data
from exactsurf.show.plots.graph_plot import CellGraphPlotData as CellGraphPlotData
from exactsurf.show.plots.graph_plot import plot_cell_graph as plot_cell_graph
from exactsurf.show.plots.graph_plot import plot_cell_graph_data as plot_cell_graph_data
from exactsurf.show.plots.network_plot import NetworkPlotData as NetworkPlotData
from exactsurf.show.plots.network_plot import plot_network as plot_network
from exactsurf.show.plots.network_plot import plot_network_data as plot_network_data
from exactsurf.show.plots.profile_plot import ProfilePlotData as ProfilePlotData
from exactsurf.show.plots.profile_plot import plot_profile as plot_profile
from exactsurf.show.plots.profile_plot import plot_profile_data as plot_profile_data
from exactsurf.show.plots.quotient_plot import ClassPoint as ClassPoint
from exactsurf.show.plots.quotient_plot import plot_quotient as plot_quotient
from exactsurf.show.plots.quotient_plot import plot_quotient_data as plot_quotient_data
from exactsurf.show.plots.slice_plot import SlicePlotData as SlicePlotData
from exactsurf.show.plots.slice_plot import plot_slice as plot_slice
from exactsurf.show.plots.slice_plot import plot_slice_data as plot_slice_data
from exactsurf.show.plots.surface_plot import SurfacePatch as SurfacePatch
from exactsurf.show.plots.surface_plot import SurfacePlotData as SurfacePlotData
from exactsurf.show.plots.surface_plot import plot_surface as plot_surface
from exactsurf.show.plots.surface_plot import plot_surface_data as plot_surface_data
from exactsurf.show.plots.training_plot import TrainingBar as TrainingBar
from exactsurf.show.plots.training_plot import plot_training as plot_training
from exactsurf.show.plots.training_plot import plot_training_data as plot_training_data
from exactsurf.show.plots.tree_plot import TreePlotData as TreePlotData
from exactsurf.show.plots.tree_plot import plot_tree as plot_tree
from exactsurf.show.plots.tree_plot import plot_tree_data as plot_tree_data

__all__ = [
    "Bar",
    "CellGraphPlotData",
    "ClarkePlotData",
    "ClassPoint",
    "DecayPathData",
    "FunctionPlotData",
    "NetworkPlotData",
    "ProfilePlotData",
    "SlicePlotData",
    "SurfacePatch",
    "SurfacePlotData",
    "TrainingBar",
    "TreePlotData",
    "WidthColumn",
    "plot_barcode",
    "plot_barcode_data",
    "plot_cell_graph",
    "plot_cell_graph_data",
    "plot_clarke",
    "plot_clarke_data",
    "plot_connectivity",
    "plot_connectivity_data",
    "plot_decay_path",
    "plot_decay_path_data",
    "plot_function",
    "plot_function_data",
    "plot_network",
    "plot_network_data",
    "plot_profile",
    "plot_profile_data",
    "plot_quotient",
    "plot_quotient_data",
    "plot_slice",
    "plot_slice_data",
    "plot_surface",
    "plot_surface_data",
    "plot_training",
    "plot_training_data",
    "plot_tree",
    "plot_tree_data",
]
