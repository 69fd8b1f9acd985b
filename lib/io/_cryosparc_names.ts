/** cryoSPARC's names of the fields that are read and written here. */
export const CS = {
  path: "location/micrograph_path",
  micrographUid: "location/micrograph_uid",
  group: "location/exp_group_id",
  shape: "location/micrograph_shape",
  pixelSize: "location/micrograph_psize_A",
  x: "location/center_x_frac",
  y: "location/center_y_frac",
  score: "pick_stats/ncc_score",
  power: "pick_stats/power",
  template: "pick_stats/template_idx",
  angle: "pick_stats/angle_rad",
  class2d: "alignments2D/class",
  class3d: "alignments3D/class",
  fiber: "filament/filament_uid",
} as const;
