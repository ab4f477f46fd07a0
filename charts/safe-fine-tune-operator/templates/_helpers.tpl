{{- define "safe-fine-tune.labels" -}}
{{ include "safe-fine-tune.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "safe-fine-tune.selector" -}}
app.kubernetes.io/name: safe-fine-tune-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "safe-fine-tune.serviceAccount" -}}
{{ .Values.serviceAccount.name | default .Release.Name }}
{{- end }}

{{- /* An image's reference; takes the registry, the image's values and the chart. A digest wins over a tag. */}}
{{- define "safe-fine-tune.image" -}}
{{- $name := .image.repository }}
{{- with .registry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $name }}{{ end }}
{{- with .image.digest }}{{ $name }}@{{ . }}{{ else }}{{ $name }}:{{ .image.tag | default .chart.AppVersion }}{{ end }}
{{- end }}

{{- /* Requests or limits as the operator reads them: cpu=1,memory=1Gi. A null leaves one out. */}}
{{- define "safe-fine-tune.quantities" -}}
{{- $texts := list }}
{{- range $name, $quantity := . }}{{ if $quantity }}{{ $texts = append $texts (printf "%s=%v" $name $quantity) }}{{ end }}{{ end }}
{{- join "," $texts }}
{{- end }}

{{- define "safe-fine-tune.subjects" -}}
- kind: ServiceAccount
  name: {{ include "safe-fine-tune.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}

{{- /* Name resolution, as the egress rule of a policy. */}}
{{- define "safe-fine-tune.dns" -}}
- to: {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end }}

{{- /* The trainer pods: the operator gives each of them this label. */}}
{{- define "safe-fine-tune.trainerPods" -}}
app.kubernetes.io/managed-by: safe-fine-tune-operator
{{- end }}
